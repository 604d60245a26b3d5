import { bundleHooks } from './plugins/bundle.ts';
import { gatewayStageHooks } from './plugins/gateway-stage.ts';
import { refuseLocalDeployHooks } from './plugins/refuse-local-deploy.ts';
import type { Hooks, PluginTools, Serverless } from './plugins/serverless.ts';

/** The Serverless plugin of this service. */
export default class RingOutBridge {
  readonly hooks: Hooks;

  constructor(serverless: Serverless, _options: unknown, { log }: PluginTools) {
    // An object has one hook per event; a second one would overwrite the first.
    this.hooks = {
      ...bundleHooks(serverless, log),
      ...gatewayStageHooks(serverless),
      ...refuseLocalDeployHooks(serverless),
    };
  }
}
