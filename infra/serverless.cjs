// Everything that serverless.yml takes from the TypeScript in infra/: the exports of serverless.ts. serverless.yml must
// not refer to a .ts file, because the CLI would put its text into the template. This file compiles the TypeScript
// itself, because the CLI also runs on Node 20, which cannot run TypeScript.
'use strict';

const { join } = require('node:path');
const { buildSync } = require('esbuild');

const source = join(__dirname, 'serverless.ts');
const { outputFiles } = buildSync({
  entryPoints: [source],
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  write: false,
  logLevel: 'warning',
});
module._compile(outputFiles[0].text, source);
