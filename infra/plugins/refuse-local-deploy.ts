import type { Hooks, Serverless } from './serverless.ts';

/**
 * Refuses to deploy the stage `local`, which describes the stack on one machine. Its allowlist is loopback, which no
 * caller of a public API has, so the deployed endpoint would refuse every caller.
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
    // Refuses at the start of the command, and again before the upload in case a plugin starts a deployment.
    initialize: () => {
      if (serverless.processedInput.commands[0] === 'deploy') refuse();
    },
    'before:deploy:deploy': refuse,
    'before:deploy:function:deploy': refuse,
    'before:aws:deploy:deploy:createStack': refuse,
  };
}
