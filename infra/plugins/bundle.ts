import { bundle, overBudget } from '../bundle.ts';
import type { Hooks, Log, Serverless } from './serverless.ts';

const events = [
  'package:createDeploymentArtifacts',
  'package:function:package',
  'deploy:function:packageFunction',
  'invoke:local:invoke',
];

/** Bundles the functions before every command that zips or runs them, so that the CLI never deploys a stale build. */
export function bundleHooks({ serviceDir }: Pick<Serverless, 'serviceDir'>, log: Log): Hooks {
  let built: Promise<void> | undefined;
  const build = (): Promise<void> => (built ??= buildOnce(serviceDir, log));
  return Object.fromEntries(events.map((event) => [`before:${event}`, build]));
}

async function buildOnce(serviceDir: string, log: Log): Promise<void> {
  const bundles = await bundle(serviceDir);
  const bytes = bundles.reduce((sum, each) => sum + each.bytes, 0);
  log.info(`Bundled ${bundles.length} functions, ${bytes} bytes`);
  for (const name of overBudget(bundles))
    log.warning(`The bundle of ${name} is larger than infra/bundle-budget.json allows`);
}
