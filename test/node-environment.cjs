// jest runs each test file in a separate global object. Node publishes the dispatcher of its fetch on the real one, but
// code under test looks for it on its own.
const { TestEnvironment } = require('jest-environment-node');

const published = Symbol.for('undici.globalDispatcher.1');

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    void globalThis.Request;
    this.global[published] = globalThis[published];
  }
};
