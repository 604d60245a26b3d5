import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Loads one of the CommonJS files under infra/ that the Serverless CLI runs; they have no types of their own. */
export const load = <T>(file: string): T => require(`../../infra/${file}`) as T;
