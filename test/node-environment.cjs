// jest runs each test file in a global object of its own. Node publishes the dispatcher of its fetch on the real one,
// where code under test looks for it.
const { TestEnvironment } = require('jest-environment-node');

const published = Symbol.for('undici.globalDispatcher.1');

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    void globalThis.Request;
    this.global[published] = globalThis[published];
  }
};
