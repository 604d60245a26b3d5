// The test environment of mutation testing. One failed test kills a mutant: the tests behind it in the same file need
// not run, which jest's own `bail` only saves for other files.
const TestEnvironment = require('../node-environment.cjs');

module.exports = class extends TestEnvironment {
  #hasFailed = false;

  handleTestEvent({ name, test }) {
    if (name === 'test_fn_failure' || name === 'hook_failure') this.#hasFailed = true;
    if (name === 'test_start' && this.#hasFailed) test.mode = 'skip';
  }
};
