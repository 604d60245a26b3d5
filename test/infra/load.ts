import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Loads one of the CommonJS files under infra/ that the Serverless CLI runs; they have no types of their own. */
export const load = (file: string): unknown => require(`../../infra/${file}`);
