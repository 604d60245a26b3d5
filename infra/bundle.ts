import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import limits from './bundle-budget.json' with { type: 'json' };
import { plugins } from './bundle-stand-ins.ts';

/** One function's bundle: its exact size. */
export interface Bundle {
  readonly name: string;
  readonly bytes: number;
}

/**
 * What Lambda's runtime loads beside each bundle: an ES module, because only that may wait before it is loaded. While it
 * waits the function is in its init phase (AWS documentation, "Using top-level await in Lambda").
 */
const entryModule = `import bundle from './index.js';
await bundle.ready;
export const { handler } = bundle;
`;

/** Bytes that a bundle may have, by function; undefined for one that is not listed. */
export const budget: Readonly<Record<string, number | undefined>> = limits;

/**
 * Builds dist/<function>/index.js, one self-contained file per Lambda, from functions/*.ts of a service folder.
 *
 * CommonJS because it loads no slower than ES modules here and needs no createRequire banner; the AWS SDK is bundled
 * although Lambda carries one, because the runtime's copy is not tree-shaken and loads slower (86 against 52 ms).
 * Source maps and esbuild's metafile lie beside the functions, outside of what is zipped.
 */
export async function bundle(serviceDir: string): Promise<readonly Bundle[]> {
  const functionsDir = join(serviceDir, 'functions');
  const distDir = join(serviceDir, 'dist');
  const entries = readdirSync(functionsDir).filter((file) => file.endsWith('.ts'));
  // A second early: file systems may date a change some milliseconds before the clock does.
  const startedAt = new Date(Date.now() - 1000);
  if (entries.length === 0) throw new Error(`No function to bundle in ${functionsDir}`);

  const { outputFiles, metafile } = await build({
    absWorkingDir: serviceDir,
    entryPoints: entries.map((file) => ({ in: join(functionsDir, file), out: `${basename(file, '.ts')}/index` })),
    outdir: distDir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    mainFields: ['module', 'main'],
    plugins: [...plugins],
    minify: true,
    // Functions lose their names, which keepNames would save at 20 KB and 3 ms of loading: `npm run dev:where` tells the
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
    const [name = '', file = ''] = relative(distDir, path).split(sep);
    write(file.endsWith('.map') ? join(distDir, 'maps', `${name}.js.map`) : path, contents);
  }
  // The repository's own package.json says module. In a Lambda there is none, and CommonJS is what Node assumes.
  write(join(distDir, 'package.json'), '{ "type": "commonjs" }\n');
  for (const name of names) write(join(distDir, name, 'entry.mjs'), entryModule);
  // Last, and dated when the sources were about to be read: fresh-bundles.ts goes by it.
  write(join(distDir, 'meta.json'), JSON.stringify(metafile));
  utimesSync(join(distDir, 'meta.json'), startedAt, startedAt);

  return names.map((name) => {
    const output = outputFiles.find(({ path }) => path === join(distDir, name, 'index.js'));
    return { name, bytes: output?.contents.length ?? 0 };
  });
}

/** Names of the bundles that are larger than bundle-budget.json allows, or that it does not list. */
export function overBudget(bundles: readonly Bundle[]): readonly string[] {
  return bundles.filter(({ name, bytes }) => bytes > (budget[name] ?? 0)).map(({ name }) => name);
}

function removeStale(folder: string, wanted: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder)) {
    if (!wanted.includes(entry)) rmSync(join(folder, entry), { recursive: true, force: true });
  }
}

/**
 * Writes files so that whoever reads them meanwhile, or writes the same ones, finds each whole: several local stacks may
 * start at once. Not into the functions' folders before a file is complete, since these are zipped as they are.
 */
function writerInto(distDir: string): (path: string, contents: Uint8Array | string) => void {
  const asideDir = join(distDir, 'aside');
  mkdirSync(asideDir, { recursive: true });
  return (path, contents) => {
    // What is the same keeps its date.
    if (holds(path, contents)) return;
    const aside = join(asideDir, randomUUID());
    writeFileSync(aside, contents);
    mkdirSync(dirname(path), { recursive: true });
    renameSync(aside, path);
  };
}

function holds(path: string, contents: Uint8Array | string): boolean {
  try {
    return readFileSync(path).equals(Buffer.from(contents));
  } catch {
    return false;
  }
}
