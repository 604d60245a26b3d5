// The order of test files in mutation testing: first files that start neither product nor table, and small before
// large. Most mutants are then killed before a long file runs.
const { readFileSync } = require('node:fs');
const { default: Sequencer } = require('@jest/test-sequencer');

const startsSomething = /\b(?:startProduct|openLocalTable|situation\.ts)\b/;

module.exports = class extends Sequencer {
  sort(tests) {
    const cost = ({ path }) => {
      const text = readFileSync(path, 'utf8');
      return text.length + (startsSomething.test(text) ? 1_000_000 : 0);
    };
    return [...tests].sort((a, b) => cost(a) - cost(b));
  }
};
