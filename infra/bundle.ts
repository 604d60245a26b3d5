import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import limits from './bundle-budget.json' with { type: 'json' };
import { plugins } from './bundle-stand-ins.ts';

/** The exact size of one function's bundle. */
export interface Bundle {
  readonly name: string;
  readonly bytes: number;
}

/**
 * The module that Lambda's runtime loads next to each bundle. It is an ES module, because only ES modules can use
 * top-level await. The function is in its init phase during that wait (AWS documentation, "Using top-level await in
 * Lambda").
 */
const entryModule = `import bundle from './index.js';
await bundle.ready;
export const { handler } = bundle;
`;

/** Maximum bytes of a bundle, by function; undefined when the function is not listed. */
export const budget: Readonly<Record<string, number | undefined>> = limits;

/**
 * Builds dist/<function>/index.js, one self-contained file per Lambda, from functions/*.ts of a service folder.
 *
 * Uses CommonJS because it loads no slower than ES modules here and needs no createRequire banner. Bundles the AWS SDK
 * although Lambda has a copy: that copy is not tree-shaken and loads slower (86 against 52 ms). Writes source maps and
 * esbuild's metafile outside of the zipped folders.
 */
export async function bundle(serviceDir: string): Promise<readonly Bundle[]> {
  const functionsDir = join(serviceDir, 'functions');
  const distDir = join(serviceDir, 'dist');
  const entries = readdirSync(functionsDir).filter((file) => file.endsWith('.ts'));
  // One second earlier, because file systems may date a change some milliseconds before the clock's time.
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
    // Function names are not kept: keepNames would cost 20 KB and 3 ms of loading. `npm run dev:locate-stack` maps a
    // logged stack to the sources.
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
  // Lambda reads the bundles as CommonJS, because no package.json is in their zip. Here, without this file, Node would
  // read them as ES modules, because the repository's package.json says so.
  write(join(distDir, 'package.json'), '{ "type": "commonjs" }\n');
  for (const name of names) write(join(distDir, name, 'entry.mjs'), entryModule);
  // Written last, with the time just before the sources were read, because fresh-bundles.ts compares it with them.
  write(join(distDir, 'meta.json'), JSON.stringify(metafile));
  utimesSync(join(distDir, 'meta.json'), startedAt, startedAt);

  return names.map((name) => {
    const output = outputFiles.find(({ path }) => path === join(distDir, name, 'index.js'));
    return { name, bytes: output?.contents.length ?? 0 };
  });
}

/** Returns the names of bundles that exceed bundle-budget.json or are not listed in it. */
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
 * Writes each file atomically, because several local stacks may start at once and read or write the same files. Drafts
 * stay out of the functions' folders, because those are zipped as they are.
 */
function writerInto(distDir: string): (path: string, contents: Uint8Array | string) => void {
  const asideDir = join(distDir, 'aside');
  mkdirSync(asideDir, { recursive: true });
  return (path, contents) => {
    // An unchanged file keeps its date.
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
