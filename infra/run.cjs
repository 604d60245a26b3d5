// Runs one of the project's TypeScript scripts: `node infra/run.cjs infra/local/start.ts [arguments]`. CommonJS and old
// syntax, because it must print its message on a Node version that cannot run the scripts.
'use strict';

const { resolve } = require('node:path');
const { pathToFileURL } = require('node:url');
const { complaint } = require('./installed.cjs');

const oldestMajor = 24;
const major = Number(process.versions.node.split('.')[0]);
const script = process.argv[2];
const notInstalled = complaint();

if (notInstalled !== undefined) {
  console.error(notInstalled);
  process.exitCode = 1;
} else if (major < oldestMajor) {
  console.error(
    `This needs Node ${oldestMajor}, but Node ${process.versions.node} is running it: start it with npm, which uses the ` +
      'Node that "npm ci" installed (after an installation with --ignore-scripts, run "npm rebuild node" first).',
  );
  process.exitCode = 1;
} else if (script === undefined) {
  console.error('Usage: node infra/run.cjs <script.ts> [arguments]');
  process.exitCode = 1;
} else {
  // Moves the script's arguments to their usual place in process.argv.
  process.argv.splice(1, 2, resolve(script));
  import(pathToFileURL(resolve(script)).href).catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
