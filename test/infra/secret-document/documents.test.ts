import { checkDocuments } from '../../../infra/secret-document/documents.ts';
import { demoUser, secretDocument } from '../../demo.ts';

const server = 'https://platform.ringcentral.com';
const text = (...users: Parameters<typeof secretDocument>[1]): string => JSON.stringify(secretDocument(server, users));
const other = { ...demoUser, extension: '102', jwt: 'demo-jwt-102' };

test('a well-formed document passes, and its users are returned with their place', () => {
  const { checks, users } = checkDocuments([{ name: 'a.json', text: text(demoUser, other) }]);
  expect(checks).toEqual([
    { name: 'document a.json', outcome: 'ok', detail: 'well-formed, 2 users' },
    { name: 'users are unique', outcome: 'ok', detail: '2 users' },
  ]);
  expect(users.map(({ user, place }) => [user.extension, place])).toEqual([
    ['101', 'a.json: users[0]'],
    ['102', 'a.json: users[1]'],
  ]);
});

test('all mistakes of a document are reported by path and without values', () => {
  const document = {
    serverUrl: 'ftp://a',
    clientId: 7,
    users: [{ username: '12', jwt: '', legacyPassword: 'hunter2' }],
  };
  const { checks, users } = checkDocuments([{ name: 'a.json', text: JSON.stringify(document) }]);
  expect(users).toEqual([]);
  expect(checks).toEqual([
    {
      name: 'document a.json',
      outcome: 'failed',
      detail: '5 mistakes',
      remedy: [
        'serverUrl: must be an https:// address without a path (http:// only for this machine)',
        "clientId: must be the app's client id as text",
        'clientSecret: must be there',
        'users[0].username: must be a phone number with at least 7 digits',
        "users[0].jwt: must be the user's JWT credential as text",
      ].join('\n'),
    },
    { name: 'users are unique', outcome: 'skipped', detail: 'no user can be read' },
  ]);
});

test('a user in two documents is a failed check', () => {
  const { checks } = checkDocuments([
    { name: 'a.json', text: text(demoUser) },
    { name: 'b.json', text: text(other, demoUser) },
  ]);
  expect(checks.at(-1)).toEqual({
    name: 'users are unique',
    outcome: 'failed',
    detail: '1 of them more than once',
    remedy: 'b.json: users[1]: must have another username and extension than a.json: users[0]',
  });
});

const remedies = (document: string): readonly string[] =>
  checkDocuments([{ name: 'a.json', text: document }]).checks.flatMap((check) =>
    'remedy' in check ? [`${check.outcome}: ${check.remedy}`] : [],
  );

test('JSON with a mistake is refused by line and column', () => {
  expect(remedies('{\n  "serverUrl": "https://demo.example",\n}')).toEqual([
    'failed: line 3, column 1: a comma too many before the closing bracket: leave it out',
  ]);
});

test('a document larger than a secret is refused', () => {
  const document = secretDocument(server, [demoUser]);
  const filled = (bytes: number): string => {
    const empty = JSON.stringify({ ...document, note: '' });
    return JSON.stringify({
      ...document,
      note: 'é'.repeat((bytes - empty.length) / 2) + (empty.length % 2 ? 'x' : ''),
    });
  };
  expect(Buffer.byteLength(filled(65_536))).toBe(65_536);
  expect(remedies(filled(65_536))).toEqual([]);
  expect(remedies(`${filled(65_536)} `)).toEqual([
    'failed: (document): 65,537 bytes, of which a secret holds 65,536: divide the users among several documents',
  ]);
});

test.each([
  ['users[0].extention', { extention: '101' }, 'extension'],
  ['users[0].Ext', { Ext: '101' }, 'extension'],
  ['users[0].password', { password: 'x' }, 'legacyPassword'],
  ['users[0].home-country', { 'home-country': 'US' }, 'homeCountry'],
  ['users[0].callbackNumber', { callbackNumber: '' }, 'callBackNumber'],
])('%s is a warning that names the most similar field', (path, field, nearest) => {
  const document = JSON.parse(text(demoUser)) as { readonly users: readonly object[] };
  const users = document.users.map((user) => ({ ...user, ...field }));
  expect(remedies(JSON.stringify({ ...document, users }))).toEqual([`warning: ${path}: is ${nearest} meant?`]);
});

test('an unknown field is a warning, which hides a name that is not an identifier, and a note is no warning', () => {
  const document = { ...secretDocument(server, [demoUser]), owner: 'demo', note: 'demo', 'https://demo/?secret': 1 };
  expect(remedies(JSON.stringify(document))).toEqual(['warning: owner: is ignored\n(not like a name): is ignored']);
});

test('warnings are reported together with mistakes', () => {
  const document = { ...secretDocument(server, [demoUser]), clientId: undefined, client_id: 'demo' };
  expect(remedies(JSON.stringify(document))).toEqual([
    'failed: clientId: must be there',
    'warning: client_id: is clientId meant?',
  ]);
});

test.each(['18889363711x101', '1888-936-3711 ext. 101', '18889363711#101', '18889363711,,101'])(
  'the username %s is a warning: it matches as one number',
  (username) => {
    expect(remedies(text({ ...demoUser, username }))).toEqual([
      'warning: users[0].username: put the extension into extension; what is here matches as one number',
    ]);
  },
);
