// The order of test files in mutation testing: small ones first, so that most mutants are killed before a long one runs.
const { statSync } = require('node:fs');
const { default: Sequencer } = require('@jest/test-sequencer');

module.exports = class extends Sequencer {
  sort(tests) {
    const bytes = ({ path }) => statSync(path).size;
    return [...tests].sort((a, b) => bytes(a) - bytes(b));
  }
};
