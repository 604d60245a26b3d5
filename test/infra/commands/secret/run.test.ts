import { runSecret, type SecretWorld } from '../../../../infra/commands/secret/run.ts';
import { startSimulator, type Simulator } from '../../../../infra/local/simulator/server.ts';
import { createSend } from '../../../../lib/ringcentral/sdk.ts';
import { phoneRules } from '../../../../lib/legacy/phone-number.ts';
import { readSecretDocument } from '../../../../lib/runtime/secret-document.ts';
import { testClock } from '../../../clock.ts';
import { demoClient, demoUser, secretDocument } from '../../../demo.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ users: [demoUser], ...demoClient, rateLimits: false });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const absent = Object.assign(new Error('demo'), { code: 'ENOENT' });

/** Runs the command with these answers. `left` are the answers that no question used. */
async function run(
  args: readonly string[],
  answers: readonly string[],
  {
    before,
    taken = false,
    ...parts
  }: Partial<SecretWorld> & { readonly before?: string; readonly taken?: boolean } = {},
) {
  const left = [...answers];
  const asked: string[] = [];
  const hidden: string[] = [];
  const printed: string[] = [];
  const written: { path: string; text: string }[] = [];
  const clock = testClock();
  const code = await runSecret(args, {
    prompt: {
      ask(question, { hidden: isHidden = false } = {}) {
        asked.push(question);
        const answer = left.shift();
        if (isHidden && answer !== undefined) hidden.push(answer);
        return Promise.resolve(answer);
      },
      close() {},
    },
    ringCentral: { send: createSend(clock, '0.0.0'), clock, signal: new AbortController().signal },
    isTakenByGit: () => Promise.resolve(taken),
    readFile: () => (before === undefined ? Promise.reject(absent) : Promise.resolve(before)),
    writeFile: (path, text) => Promise.resolve(void written.push({ path, text })),
    print: (text) => printed.push(text),
    ...parts,
  });
  return { code, left, asked, hidden, printed: printed.join('\n'), written };
}

const app = (): readonly string[] => [simulator.url, demoClient.clientId, demoClient.clientSecret];
const user = [demoUser.username, demoUser.extension, '1234', '', '', demoUser.jwt];

test('asks for the app and a user, tries the JWT, and writes a document that the product reads', async () => {
  const { code, left, hidden, printed, written } = await run([], [...app(), ...user, 'n']);
  expect({ code, left }).toEqual({ code: 0, left: [] });
  expect(written.map(({ path }) => path)).toEqual(['secret.json']);
  expect(JSON.parse(written[0]?.text ?? '')).toEqual({
    serverUrl: simulator.url,
    ...demoClient,
    users: [
      { username: demoUser.username, extension: '101', legacyPassword: '1234', homeCountry: 'US', jwt: demoUser.jwt },
    ],
  });
  expect(readSecretDocument(written[0]?.text ?? '', phoneRules).ok).toBe(true);
  expect(simulator.requests.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['token', 'revoke']));
  expect(printed).toContain('✓  JWT                 accepted');
  // Secrets are hidden while they are typed, and are not printed.
  expect(hidden).toEqual([demoClient.clientSecret, '1234', demoUser.jwt]);
  for (const secret of hidden) expect(printed).not.toContain(secret);
});

test('asks again for each field with an invalid answer', async () => {
  const { code, printed, written } = await run(
    [],
    ['ftp://demo', simulator.url, '', demoClient.clientId, demoClient.clientSecret]
      .concat(['123', demoUser.username, 'main', '101', '1234', 'Britain', 'US', 'reception', '+16505553711'])
      .concat(['', demoUser.jwt, 'n']),
  );
  expect({ code, written: written.length }).toEqual({ code: 0, written: 1 });
  expect([...printed.matchAll(/✗ {2}must be (.*)/g)].map((match) => match[1])).toEqual([
    'an https:// address without a path (http:// only for this machine)',
    "the app's client id as text",
    'a phone number with at least 7 digits',
    'an extension number with at least one digit',
    'a two-letter country code, such as "US" or "GB"',
    'a phone number as text, a foreign one with + before it, or left out',
    "the user's JWT credential as text",
  ]);
});

test('an empty password needs a second question', async () => {
  const user1 = [demoUser.username, '', '', 'n', '', 'y', '', '', demoUser.jwt];
  const { code, written, printed } = await run(['--no-network'], [...app(), ...user1, 'n']);
  expect({ code, requests: simulator.requests.length }).toEqual({ code: 0, requests: 0 });
  expect(JSON.parse(written[0]?.text ?? '')).toMatchObject({ users: [{ legacyPassword: null }] });
  expect(printed).toContain('the address list alone decides who may call');
});

test('asks again for a JWT that RingCentral refuses, and keeps it after an empty answer', async () => {
  const first = await run([], [...app(), ...user.slice(0, -1), 'demo-jwt-of-nobody', demoUser.jwt, 'n']);
  expect(first.printed).toMatch(/✗ {2}JWT +RingCentral refuses/);
  expect(JSON.parse(first.written[0]?.text ?? '')).toMatchObject({ users: [{ jwt: demoUser.jwt }] });
  const kept = await run([], [...app(), ...user.slice(0, -1), 'demo-jwt-of-nobody', '', 'n']);
  expect(JSON.parse(kept.written[0]?.text ?? '')).toMatchObject({ users: [{ jwt: 'demo-jwt-of-nobody' }] });
});

test('extends an existing document, keeps its other fields, and replaces the same user', async () => {
  const other = { ...demoUser, extension: '102', jwt: 'demo-jwt-102' };
  const before = JSON.stringify({
    ...secretDocument(simulator.url, [{ ...demoUser, jwt: 'old' }, other]),
    note: 'demo',
  });
  const { code, asked, written } = await run([], ['1-888-936-3711', ...user.slice(1), 'n'], { before });
  expect({ code, first: asked[0] }).toEqual({ code: 0, first: expect.stringMatching(/^Username/) as string });
  expect(JSON.parse(written[0]?.text ?? '')).toMatchObject({
    note: 'demo',
    users: [{ extension: '102' }, { username: '1-888-936-3711', extension: '101', jwt: demoUser.jwt }],
  });
});

test.each([
  ['a document with mistakes', '{"users": [],}', 'line 1, column 14: a comma too many before the closing bracket'],
  ['a document without a client', '{}', 'clientId: must be there'],
])('%s ends the command before the first question', async (_, before, said) => {
  const { code, asked, printed, written } = await run([], [], { before });
  expect({ code, asked, written }).toEqual({ code: 1, asked: [], written: [] });
  expect(printed).toContain(said);
});

test('a file that git would take is refused before the first question', async () => {
  const { code, asked, printed } = await run(['--file', 'demo.json'], [], { taken: true });
  expect({ code, asked }).toEqual({ code: 1, asked: [] });
  expect(printed).toContain('git would take demo.json');
});

test('nothing is written when the answers end early', async () => {
  const { code, written, printed } = await run([], [...app(), ...user]);
  expect({ code, written }).toEqual({ code: 1, written: [] });
  expect(printed).toContain('Stopped: nothing is written.');
});

test('a file that cannot be read or written is reported with its error code', async () => {
  const denied = () => Promise.reject(Object.assign(new Error('demo'), { code: 'EACCES' }));
  expect((await run([], [], { readFile: denied })).printed).toBe('secret.json cannot be read (EACCES).');
  const unwritten = await run(['--no-network'], [...app(), ...user, 'n'], { writeFile: denied });
  expect(unwritten.code).toBe(1);
  expect(unwritten.printed).toContain('secret.json cannot be written (EACCES).');
});

test.each([['--jwt'], ['--file'], ['demo-jwt']])(
  'the argument %s is exit code 2 and is not printed',
  async (argument) => {
    const { code, printed } = await run([argument], []);
    expect(code).toBe(2);
    expect(printed).not.toContain('demo-jwt');
  },
);
