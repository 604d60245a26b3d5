// Serverless plugin: the stage `local` describes the stack that runs on one machine. Its address list is loopback,
// which no caller of a public API has, so a deployment of it would be an endpoint that refuses everybody.
module.exports = class RefuseLocalDeploy {
  constructor(serverless) {
    this.serverless = serverless;
    const refuse = () => this.refuse();
    this.hooks = {
      // First for every command, and again directly before anything is sent, should a plugin start a deployment.
      initialize: () => this.serverless.processedInput.commands[0] === 'deploy' && this.refuse(),
      'before:deploy:deploy': refuse,
      'before:deploy:function:deploy': refuse,
      'before:aws:deploy:deploy:createStack': refuse,
    };
  }

  refuse() {
    if (this.serverless.getProvider('aws').getStage() !== 'local') return;
    throw new this.serverless.classes.Error(
      'The stage "local" is the local stack (npm start) and cannot be deployed. ' +
        'Deploy another stage: npx serverless deploy --stage dev --param="allowedCidrs=203.0.113.0/24"',
    );
  }
};
