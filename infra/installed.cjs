// Checks that "npm ci" has been run: `node infra/installed.cjs && jest`. Without this check, a script would fail with a
// stack trace or with the shell's "not found". CommonJS and old syntax, like run.cjs, because any Node version may run
// it.
'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');

/** Returns the missing direct dependencies: all before "npm ci", the new ones after an update without it. */
function missing() {
  const { dependencies, devDependencies } = require(join(root, 'package.json'));
  return Object.keys({ ...dependencies, ...devDependencies }).filter(
    (name) => !existsSync(join(root, 'node_modules', name, 'package.json')),
  );
}

/** Returns a sentence if something is missing. */
function complaint() {
  const names = missing();
  if (names.length === 0) return undefined;
  const which =
    names.length > 3 ? `${names.length} packages are` : `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'}`;
  return `${which} not installed: run "npm ci" in ${root} first.`;
}

module.exports = { complaint };

if (require.main === module) {
  const text = complaint();
  if (text !== undefined) {
    console.error(text);
    process.exitCode = 1;
  }
}
