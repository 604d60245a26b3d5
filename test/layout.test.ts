import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';

/*
 * The import rules between the folders of lib. The legacy API and RingCentral's API are separate vocabularies, and
 * neither may know the other. Clock, network, environment and the like are passed in from above.
 */

interface Layer {
  /** The folders below lib/ that files of this folder may import, including itself. */
  readonly mayImport: readonly string[];
  readonly why: string;
}

const layers: Readonly<Record<string, Layer>> = {
  domain: { mayImport: ['domain'], why: 'the shared words depend on no other folder' },
  legacy: { mayImport: ['legacy', 'domain'], why: 'the old language is pure: values in, values out' },
  state: { mayImport: ['state', 'domain'], why: 'storage does not depend on its callers' },
  ringcentral: {
    mayImport: ['ringcentral', 'state', 'domain'],
    why: "RingCentral's language must never know the legacy one",
  },
  token: { mayImport: ['token', 'ringcentral', 'state', 'domain'], why: 'tokens are granted and stored, nothing else' },
  access: {
    mayImport: ['access', 'state', 'domain'],
    why: 'deciding who is calling needs users and state',
  },
  sessions: {
    mayImport: ['sessions', 'access', 'ringcentral', 'state', 'domain'],
    why: 'sessions connect calls, users and state, and do not depend on the legacy protocol',
  },
  repeats: {
    mayImport: ['repeats', 'state', 'domain'],
    why: 'deduplication depends neither on the legacy protocol nor on RingCentral',
  },
  outbox: {
    mayImport: ['outbox', 'access', 'ringcentral', 'state', 'domain'],
    why: 'a waiting fax does not depend on the legacy protocol',
  },
  runtime: {
    mayImport: ['runtime', 'outbox', 'access', 'ringcentral', 'sessions', 'token', 'state', 'domain'],
    why: 'the composition root creates the other parts, and must not know the edge and the commands that use it',
  },
  edge: {
    mayImport: ['edge', 'outbox', 'runtime', 'token', 'legacy', 'domain'],
    why: 'the edge turns events into exchanges, and does not act on them',
  },
  commands: {
    mayImport: [
      'commands',
      'outbox',
      'repeats',
      'state',
      'edge',
      'runtime',
      'access',
      'sessions',
      'ringcentral',
      'legacy',
      'domain',
    ],
    why: 'a command signs in, parses, acts and renders',
  },
};

/** Packages that only these layers may use. */
const packageOwners: readonly { readonly name: RegExp; readonly layers: readonly string[] }[] = [
  { name: /^@aws-sdk\/client-dynamodb$/, layers: ['state', 'runtime'] },
  { name: /^@aws-sdk\/client-secrets-manager$/, layers: ['runtime'] },
  { name: /^@aws-sdk\/client-sqs$|^@smithy\//, layers: ['outbox', 'runtime'] },
  { name: /^@ringcentral\/sdk$/, layers: ['ringcentral'] },
  { name: /^@middy\//, layers: ['edge'] },
  { name: /^@aws-lambda-powertools\//, layers: ['runtime'] },
  { name: /^libphonenumber-js/, layers: ['legacy'] },
  { name: /^valibot$/, layers: ['runtime'] },
];

/** What only the named files may do. All others get it as a parameter. */
const reserved: readonly { readonly what: string; readonly pattern: RegExp; readonly files: readonly string[] }[] = [
  { what: 'reads the environment', pattern: /\bprocess\.env\b/, files: [] },
  {
    what: 'reads a clock, waits, limits time or draws a random number',
    pattern:
      /\bDate\.now\b|\bnew Date\(\)|\bperformance\b|\bhrtime\b|\bAbortSignal\.timeout\b|\bset(?:Timeout|Interval|Immediate)\b|'node:(?:timers|perf_hooks)|\bMath\.random\b/,
    files: ['lib/runtime/clock.ts'],
  },
  {
    what: 'uses the network',
    pattern: /\bfetch\(|from 'node:(?:https?|net|tls|dgram)'/,
    files: ['lib/ringcentral/connections.ts', 'lib/ringcentral/transport.ts'],
  },
];

interface SourceFile {
  readonly path: string;
  readonly layer: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const files = sourceFiles('lib');

test('every folder below lib has a rule', () => {
  expect([...new Set(files.map((file) => file.layer))].sort()).toEqual(Object.keys(layers).sort());
});

test.each(files.map((file) => [file.path, file] as const))('%s imports only what its layer may', (path, file) => {
  const layer = layers[file.layer];
  const forbidden = file.imports
    .filter((target) => target.startsWith('.'))
    .map((target) => layerOf(normalize(join(dirname(path), target))))
    .filter((target) => layer?.mayImport.includes(target) !== true);
  // The rule and its reason appear in the failure message.
  const rule = `lib/${file.layer} may import ${layer?.mayImport.join(', ')}: ${layer?.why}`;
  expect({ rule, forbidden }).toEqual({ rule, forbidden: [] });
});

test.each(packageOwners)('$name is used by $layers only', ({ name, layers: owners }) => {
  const users = files.filter((file) => file.imports.some((target) => name.test(target)));
  expect(users.filter((file) => !owners.includes(file.layer)).map((file) => file.path)).toEqual([]);
});

test.each(reserved)('nothing else $what', ({ pattern, files: allowed }) => {
  const users = files.filter((file) => pattern.test(withoutComments(file.text)));
  expect(users.map((file) => file.path).filter((path) => !allowed.includes(path))).toEqual([]);
});

test('nothing in lib/legacy awaits', () => {
  const waiting = files.filter(
    (file) => file.layer === 'legacy' && /\b(?:async|await|Promise)\b/.test(withoutComments(file.text)),
  );
  expect(waiting.map((file) => file.path)).toEqual([]);
});

test('functions are shells: each opens a container, exports a handler and stays below 40 lines', () => {
  const shells = sourceFiles('functions');
  expect(shells.map((file) => file.path).filter((path) => dirname(path) !== 'functions')).toEqual([]);
  for (const { path, text } of shells) {
    expect([path, text.includes('openContainer(process.env, '), text.includes('export const handler =')]).toEqual([
      path,
      true,
      true,
    ]);
    expect([path, text.split('\n').length <= 40]).toEqual([path, true]);
  }
});

test('a command imports no other command; code that two of them need is in a folder beside them', () => {
  const commands = ['doctor', 'faxes', 'licences', 'log', 'secret', 'smoke'];
  const foreign = sourceFiles('infra/commands').flatMap(({ path, imports }) => {
    const own = commandOf(path);
    const folders = imports
      .filter((target) => target.startsWith('.'))
      .map((target) => commandOf(join(dirname(path), target)));
    return folders
      .filter((folder) => commands.includes(folder) && folder !== own)
      .map((folder) => `${path}: ${folder}`);
  });
  expect(foreign).toEqual([]);
});

function sourceFiles(root: string): readonly SourceFile[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const path = relative('.', join(entry.parentPath, entry.name)).split(sep).join('/');
      const text = readFileSync(path, 'utf8');
      const imports = [...text.matchAll(/(?:from|import)\s+'([^']+)'/g)].map((match) => match[1] ?? '');
      return { path, layer: layerOf(path), text, imports };
    })
    .sort((a, b) => a.path.localeCompare(b.path));
}

function layerOf(path: string): string {
  return path.split(/[\\/]/)[1] ?? '';
}

/** Returns `doctor` for `infra/commands/doctor/run.ts` and for the shell `infra/commands/doctor.ts`. */
function commandOf(path: string): string {
  return /^infra[\\/]commands[\\/]([\w-]+)/.exec(normalize(path))?.[1] ?? '';
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
