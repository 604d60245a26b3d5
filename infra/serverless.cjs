// All that serverless.yml takes from infra/ in TypeScript: the exports of serverless.ts. The Serverless CLI would read a .ts
// file as text and put that into the template, so this is the only door. It compiles by itself instead of trusting
// Node to, because the CLI also runs on Node 20, which cannot.
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
