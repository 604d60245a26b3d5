import type { Hooks, Serverless } from './serverless.ts';

/**
 * The stage `local` describes the stack that runs on one machine. Its address list is loopback, which no caller of a
 * public API has, so a deployment of it would be an endpoint that refuses everybody.
 */
export function refuseLocalDeployHooks(serverless: Serverless): Hooks {
  const refuse = (): void => {
    if (serverless.getProvider('aws').getStage() !== 'local') return;
    throw new serverless.classes.Error(
      'The stage "local" is the local stack (npm start) and cannot be deployed. ' +
        'Deploy another stage: npm run deploy -- --stage dev --param="allowedCidrs=203.0.113.0/24"',
    );
  };
  return {
    // First for every command, and again directly before anything is sent, should a plugin start a deployment.
    initialize: () => {
      if (serverless.processedInput.commands[0] === 'deploy') refuse();
    },
    'before:deploy:deploy': refuse,
    'before:deploy:function:deploy': refuse,
    'before:aws:deploy:deploy:createStack': refuse,
  };
}
