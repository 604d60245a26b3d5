// Serverless plugin: in the stage `local` the environment of `npm start` takes the place of the deployed settings.
// serverless-offline cannot resolve `Ref`: without this, STATE_TABLE would be the text "[object Object]".
'use strict';

module.exports = class LocalEnvironment {
  constructor(serverless) {
    this.serverless = serverless;
    const replace = () => this.replace();
    this.hooks = { 'before:offline:start': replace, 'before:offline:start:init': replace };
  }

  replace() {
    if (this.serverless.getProvider('aws').getStage() !== 'local') return;
    const { environment = {} } = this.serverless.service.provider;
    for (const name of Object.keys(environment)) environment[name] = process.env[name] ?? environment[name];
  }
};
