// Whether dist/ holds what bundling would make again. Times decide, so this is for starting the local stack only, where
// it saves seconds; what is deployed is always bundled.
const { readFileSync, readdirSync, statSync } = require('node:fs');
const { basename, join, resolve } = require('node:path');

/** What decides about the bundles besides the files that go into them. */
const recipe = [
  'package-lock.json',
  // npm writes it anew with every change of what is installed.
  'node_modules/.package-lock.json',
  'tsconfig.json',
  'infra/bundle.cjs',
  'infra/left-out.cjs',
];

/**
 * Whether nothing has changed since the bundles of a service folder were made. Anything unclear, such as a missing file,
 * counts as a change.
 *
 * @param {string} serviceDir folder that holds functions/ and dist/
 * @returns {boolean}
 */
function areFresh(serviceDir) {
  const metaPath = join(serviceDir, 'dist/meta.json');
  try {
    const { inputs, outputs } = JSON.parse(readFileSync(metaPath, 'utf8'));
    const sources = Object.keys(inputs).filter((path) => !path.startsWith('left-out:'));
    const madeAtMs = statSync(metaPath).mtimeMs;
    return (
      isEveryFunction(serviceDir, outputs) &&
      // Their last change of any kind: unlike the time of modification, no tool can set it back.
      [...sources, ...recipe].every((path) => statSync(resolve(serviceDir, path)).ctimeMs < madeAtMs) &&
      Object.entries(outputs).every(
        ([path, { bytes }]) => path.endsWith('.map') || statSync(join(serviceDir, path)).size === bytes,
      )
    );
  } catch {
    return false;
  }
}

function isEveryFunction(serviceDir, outputs) {
  const files = readdirSync(join(serviceDir, 'functions')).filter((file) => file.endsWith('.ts'));
  const wanted = files.map((file) => `dist/${basename(file, '.ts')}/index.js`);
  const bundled = Object.keys(outputs).filter((path) => path.endsWith('.js'));
  return wanted.sort().join() === bundled.sort().join();
}

module.exports = { areFresh };
