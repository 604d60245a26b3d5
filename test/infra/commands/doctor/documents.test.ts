import { checkDocuments } from '../../../../infra/commands/doctor/documents.ts';
import { demoUser, secretDocument } from '../../../demo.ts';

const server = 'https://platform.ringcentral.com';
const text = (...users: Parameters<typeof secretDocument>[1]): string => JSON.stringify(secretDocument(server, users));
const other = { ...demoUser, extension: '102', jwt: 'demo-jwt-102' };

test('a well-formed document passes, and its users are known by their place', () => {
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

test('all mistakes of a document are named by path and none by value', () => {
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
    { name: 'users are unique', outcome: 'skipped', detail: 'no users' },
  ]);
});

test('a user in two documents is found', () => {
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
