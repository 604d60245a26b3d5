// The test environment of mutation testing. One failed test kills a mutant, so the later tests of the same file are
// skipped. jest's own `bail` skips only other files.
const TestEnvironment = require('../node-environment.cjs');

module.exports = class extends TestEnvironment {
  #hasFailed = false;

  handleTestEvent({ name, test }) {
    if (name === 'test_fn_failure' || name === 'hook_failure') this.#hasFailed = true;
    if (name === 'test_start' && this.#hasFailed) test.mode = 'skip';
  }
};
