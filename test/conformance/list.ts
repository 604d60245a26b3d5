import { demoList } from '../demo.ts';
import { query } from './requests.ts';
import { users } from './users.ts';
import { json, localTest, plain, ringout, type World } from './world.ts';

/** `cmd=list`. */
export function describeList(world: () => World): void {
  const list = (credentials: Readonly<Record<string, string>>) => world().ask(ringout({ cmd: 'list', ...credentials }));

  test('answers OK and pairs of number and label', async () => {
    const { status, type, text } = await list(users.dana);
    expect([status, type]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(text).toMatch(/^OK (?:\d+;[^;\n]+(?:;\d+;[^;\n]+)*)?$/);
  });

  localTest('shows all pages of the numbers usable as From, in order, with unique labels', async () => {
    expect(await list(users.dana)).toEqual(plain(demoList));
    expect(
      world().simulator.requests.map(({ method, path, query: asked }) => [
        method,
        path.split('/').at(-1),
        asked['page'],
      ]),
    ).toEqual([
      ['GET', 'forwarding-number', '1'],
      ['GET', 'forwarding-number', '2'],
    ]);
  });

  localTest.each([users.main, users.flip])('answers OK and a space when no number is usable as From', async (user) => {
    expect(await list(user)).toEqual(plain('OK '));
  });

  localTest('has unique labels without semicolons and line ends', async () => {
    expect(await list(users.labels)).toEqual(
      plain(
        'OK 6505550161;A,B;6505550162;Other;6505550163;Mobile;6505550165;Work;6505550166;Work 2;' +
          '6505550167;Work 2 2;6505550168;Work 3;6505550169;<b>"OK"</b>',
      ),
    );
  });

  localTest('of a British user shows every number with its country code', async () => {
    expect(await list(users.british)).toEqual(plain('OK 442071838750;Desk;16505550142;New York'));
  });

  localTest('with format=json shows the records of RingCentral', async () => {
    expect(await list({ ...users.accented, format: 'json' })).toEqual(
      json(200, {
        records: [
          {
            uri: `${world().simulator.url}/restapi/v1.0/account/~/extension/~/forwarding-number/32`,
            id: '32',
            phoneNumber: '+16505550132',
            label: 'Desk',
            type: 'Work',
            features: ['CallForwarding'],
          },
        ],
      }),
    );
  });

  localTest('with format=json and no number has no record', async () => {
    expect(await list({ ...users.flip, format: 'JSON' })).toEqual(json(200, { records: [] }));
  });

  localTest('with format=html is answered with text, in success and failure', async () => {
    expect(await list({ ...users.main, format: 'html' })).toEqual(plain('OK '));
    expect(await list({ ...users.main, format: 'html', Password: 'not the password' })).toEqual(
      plain('FAILED Invalid User or Password'),
    );
  });

  localTest('at its own path needs no cmd and ignores another one', async () => {
    for (const more of [{}, { cmd: 'call', To: '6505550100', From: '6505551550' }]) {
      expect(await world().ask(`/ringout/list?${query({ ...users.main, ...more })}`)).toEqual(plain('OK '));
    }
    world().expectNothingPlaced();
  });

  localTest('a hundred requests cause one token request', async () => {
    const { simulator } = world();
    simulator.revokeToken({ username: users.accented.Username, extension: users.accented.Ext });
    await list(users.accented);
    await Promise.all(Array.from({ length: 9 }, () => list(users.accented)));
    for (let count = 0; count < 9; count += 1) {
      await Promise.all(Array.from({ length: 10 }, () => list(users.accented)));
    }
    // Only this user's count: every ten minutes the schedule renews the tokens of all users.
    const { Username, Ext } = users.accented;
    const own = simulator.requests.filter(({ kind, user }) => kind === 'token' && user === `${Username}*${Ext}`);
    expect(own).toHaveLength(1);
  });
}
