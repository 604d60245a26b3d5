// Serverless plugin: the functions are bundled whenever they are about to be zipped or run, so that
// `npx serverless package|deploy` and the npm scripts cannot ship an old build. Only the local stack, which ships
// nothing, starts with the bundles that are there if nothing has changed since.
const { bundle, overBudget } = require('../bundle.cjs');
const { areFresh } = require('../fresh-bundles.cjs');

const always = [
  'package:createDeploymentArtifacts',
  'package:function:package',
  'deploy:function:packageFunction',
  'invoke:local:invoke',
];
const unlessFresh = ['offline:start', 'offline:start:init'];

module.exports = class Bundle {
  constructor(serverless, _options, { log }) {
    let built;
    const build = () => (built ??= this.build(serverless.serviceDir, log));
    const buildUnlessFresh = () => (areFresh(serverless.serviceDir) ? undefined : build());
    this.hooks = {
      ...Object.fromEntries(always.map((event) => [`before:${event}`, build])),
      ...Object.fromEntries(unlessFresh.map((event) => [`before:${event}`, buildUnlessFresh])),
    };
  }

  async build(serviceDir, log) {
    const bundles = await bundle(serviceDir);
    const bytes = bundles.reduce((sum, each) => sum + each.bytes, 0);
    log.info(`Bundled ${bundles.length} functions, ${bytes} bytes`);
    for (const name of overBudget(bundles))
      log.warning(`The bundle of ${name} is larger than infra/bundle-budget.json allows`);
  }
};
