// Builds dist/<function>/index.js, one self-contained file per Lambda, from functions/*.ts.
//
// CommonJS because it loads no slower than ES modules here and needs no createRequire banner; the AWS SDK is bundled
// although Lambda carries one, because the runtime's copy is not tree-shaken and loads slower (86 against 52 ms).
// Source maps and esbuild's metafile lie beside the functions, outside of what is zipped.
const { randomUUID } = require('node:crypto');
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } = require('node:fs');
const { basename, dirname, join, relative, sep } = require('node:path');
const esbuild = require('esbuild');
const budget = require('./bundle-budget.json');
const { plugins } = require('./left-out.cjs');

const alias = {
  // The package's main module wires in node-fetch and dom-storage (310 KB with whatwg-url and tr46). Node's own fetch
  // and our own token storage are always passed to the SDK, so its inner module is enough; taken from the sources in
  // the package, because what is built from them imitates classes and async functions for old browsers (19 KB).
  '@ringcentral/sdk': require.resolve('@ringcentral/sdk/src/SDK.ts'),
  '@aws-sdk/credential-provider-node': join(__dirname, 'lambda-credentials.mjs'),
};

/**
 * Bundles every function of a service folder.
 *
 * @param {string} serviceDir folder that holds functions/; dist/ is written there
 * @returns {Promise<{name: string, bytes: number}[]>} each function's name and the exact size of its bundle
 */
async function bundle(serviceDir) {
  const functionsDir = join(serviceDir, 'functions');
  const distDir = join(serviceDir, 'dist');
  const entries = readdirSync(functionsDir).filter((file) => file.endsWith('.ts'));
  // A second early: file systems may date a change some milliseconds before the clock does.
  const startedAt = new Date(Date.now() - 1000);
  if (entries.length === 0) throw new Error(`No function to bundle in ${functionsDir}`);

  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: serviceDir,
    entryPoints: entries.map((file) => ({ in: join(functionsDir, file), out: `${basename(file, '.ts')}/index` })),
    outdir: distDir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    mainFields: ['module', 'main'],
    alias,
    plugins,
    minify: true,
    // Functions lose their names, which keepNames would save at 20 KB and 3 ms of loading: infra/where.cjs tells the
    // place in the sources that a logged stack means.
    legalComments: 'none',
    sourcemap: 'external',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });

  const names = entries.map((file) => basename(file, '.ts')).sort();
  removeStale(distDir, [...names, 'aside', 'maps', 'meta.json', 'package.json']);
  const write = writerInto(distDir);
  for (const { path, contents } of outputFiles) {
    const [name, file] = relative(distDir, path).split(sep);
    write(file.endsWith('.map') ? join(distDir, 'maps', `${name}.js.map`) : path, contents);
  }
  // The repository's own package.json says module. In a Lambda there is none, and CommonJS is what Node assumes.
  write(join(distDir, 'package.json'), '{ "type": "commonjs" }\n');
  // Last, and dated when the sources were about to be read: fresh-bundles.cjs goes by it.
  write(join(distDir, 'meta.json'), JSON.stringify(metafile));
  utimesSync(join(distDir, 'meta.json'), startedAt, startedAt);

  return names.map((name) => {
    const output = outputFiles.find(({ path }) => path === join(distDir, name, 'index.js'));
    return { name, bytes: output.contents.length };
  });
}

/** Names of the bundles that are larger than bundle-budget.json allows, or that it does not list. */
function overBudget(bundles) {
  return bundles.filter(({ name, bytes }) => !(bytes <= budget[name])).map(({ name }) => name);
}

function removeStale(folder, wanted) {
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder)) {
    if (!wanted.includes(entry)) rmSync(join(folder, entry), { recursive: true, force: true });
  }
}

/**
 * Writes files so that whoever reads them meanwhile, or writes the same ones, finds each whole: several local stacks may
 * start at once. Not into the functions' folders before a file is complete, since these are zipped as they are.
 */
function writerInto(distDir) {
  const asideDir = join(distDir, 'aside');
  mkdirSync(asideDir, { recursive: true });
  return (path, contents) => {
    if (holds(path, contents)) return;
    const aside = join(asideDir, randomUUID());
    writeFileSync(aside, contents);
    mkdirSync(dirname(path), { recursive: true });
    renameSync(aside, path);
  };
}

function holds(path, contents) {
  try {
    return readFileSync(path).equals(Buffer.from(contents));
  } catch {
    return false;
  }
}

/** One line per bundle: name, bytes, limit; sizes with 1 KB = 1,000 bytes. */
function table(bundles) {
  const number = (bytes) => bytes.toLocaleString('en-US').padStart(9);
  return bundles
    .map(({ name, bytes }) => {
      const limit = budget[name];
      const verdict = limit === undefined ? 'no limit set' : bytes <= limit ? 'ok' : 'TOO LARGE';
      return `${name.padEnd(14)}${number(bytes)} of ${limit === undefined ? '        -' : number(limit)} bytes  ${verdict}`;
    })
    .join('\n');
}

const usage = `Usage: npm run bundle [-- --check]

Bundles functions/*.ts into dist/<name>/index.js and prints their sizes.

  --check   fail if a bundle is larger than infra/bundle-budget.json allows
  --help    this text`;

async function main(args) {
  // A misspelled --check must not pass for one.
  const unknown = args.find((arg) => !['--check', '--help'].includes(arg));
  if (unknown !== undefined) throw new Error(`Unknown argument ${unknown}.\n\n${usage}`);
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  const bundles = await bundle(join(__dirname, '..'));
  console.log(table(bundles));
  const tooLarge = overBudget(bundles);
  if (!args.includes('--check') || tooLarge.length === 0) return 0;
  console.error(
    `\nOver budget: ${tooLarge.join(', ')}. See what grew in dist/meta.json (https://esbuild.github.io/analyze/).`,
  );
  return 1;
}

async function run() {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    // esbuild has already printed what is wrong with the source.
    console.error(error.message);
    process.exitCode = 1;
  }
}

module.exports = { bundle, overBudget };

if (require.main === module) {
  void run();
}
