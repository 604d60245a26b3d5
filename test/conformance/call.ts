import { query } from './requests.ts';
import { users, worldUsers } from './users.ts';
import { formPost, json, localTest, placeCall, plain, ringout, type World } from './world.ts';

const to = '6505550100';
const from = '6505551550';
const numbers = { To: to, From: from };
const ordered = { from: { phoneNumber: '+16505551550' }, to: { phoneNumber: '+16505550100' }, playPrompt: false };

/** `cmd=call`. */
export function describeCall(world: () => World): void {
  const call = (fields: Readonly<Record<string, string>>) => world().ask(ringout({ cmd: 'call', ...fields }));
  /** The bodies of the RingOut requests that RingCentral got, in order. */
  const orders = () =>
    world()
      .simulator.requests.filter(({ kind }) => kind === 'ring-out')
      .map(({ body }) => body);

  localTest('is answered with exactly three parts and a session id of nine digits', async () => {
    expect(await placeCall(world(), { ...users.dana, ...numbers })).toMatch(/^[1-9]\d{8}$/);
    expect(orders()).toEqual([ordered]);
  });

  localTest('gives each call its own random session id', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => placeCall(world(), { ...users.dana, ...numbers })));
    expect(new Set(ids).size).toBe(8);
    // Ids are random, not consecutive.
    const sorted = ids.map(Number).sort((a, b) => a - b);
    expect((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)).toBeGreaterThan(1_000_000);
  });

  localTest.each([
    ['11 digits', '16505550100', '+16505550100'],
    ['a plus sign', '+16505550100', '+16505550100'],
    ['an unescaped plus sign', ' 16505550100', '+16505550100'],
    ['punctuation', '(650) 555-0100', '+16505550100'],
    ['dots', '1.650.555.0100', '+16505550100'],
    ['NULs behind it', '6505550100\0', '+16505550100'],
    ['an international prefix', '01116505550100', '+16505550100'],
    ['an international prefix and another country', '011 44 20 7183 8750', '+442071838750'],
    ['a country code and no prefix', '442071838750', '+442071838750'],
  ])('reads a number with %s', async (_name, text, phoneNumber) => {
    await placeCall(world(), { ...users.dana, From: from, To: text });
    expect(orders()).toEqual([{ ...ordered, to: { phoneNumber } }]);
  });

  localTest('reads names in any case', async () => {
    const named = { TO: to, from, CLID: '8889363711', PROMPT: '1' };
    await placeCall(world(), { ...users.dana, ...named });
    expect(orders()).toEqual([{ ...ordered, callerId: { phoneNumber: '+18889363711' }, playPrompt: true }]);
  });

  localTest('is placed by a POST', async () => {
    const answer = await world().ask(formPost({ cmd: 'call', ...users.dana, ...numbers, Prompt: '1' }));
    expect(answer.text).toMatch(/^OK [1-9]\d{8} 3$/);
    expect(orders()).toEqual([{ ...ordered, playPrompt: true }]);
  });

  localTest('at its own path needs no cmd', async () => {
    const answer = await world().ask(`/ringout/call?${query({ ...users.dana, ...numbers, cmd: 'list' })}`);
    expect(answer.text).toMatch(/^OK [1-9]\d{8} 3$/);
    expect(orders()).toEqual([ordered]);
  });

  localTest("reads a national number by the user's home country", async () => {
    await placeCall(world(), { ...users.british, From: '020 7183 8750', To: '442071838751' });
    expect(orders()).toEqual([
      { from: { phoneNumber: '+442071838750' }, to: { phoneNumber: '+442071838751' }, playPrompt: false },
    ]);
  });

  localTest.each(['dana', 'british', 'labels'] as const)(
    'takes every number of list as From, and rings that number',
    async (name) => {
      const user = users[name];
      const { text } = await world().ask(ringout({ cmd: 'list', ...user }));
      const listed = text
        .slice(3)
        .split(';')
        .filter((_item, index) => index % 2 === 0);
      for (const number of listed) await placeCall(world(), { ...user, To: '+16505550100', From: number });
      const usable = worldUsers
        .find(({ extension }) => extension === user.Ext)
        ?.forwardingNumbers?.filter(
          ({ phoneNumber, features }) => phoneNumber !== undefined && features?.includes('CallForwarding'),
        );
      expect(orders().map((order) => (order as typeof ordered).from.phoneNumber)).toEqual(
        usable?.map(({ phoneNumber }) => phoneNumber),
      );
    },
  );

  localTest.each([
    ['1', true],
    ['0', false],
    ['', false],
    ['yes', false],
    ['true', false],
    [' 1 ', true],
    ['1\0\0', true],
  ])('Prompt=%j sends playPrompt %j', async (prompt, playPrompt) => {
    await placeCall(world(), { ...users.dana, ...numbers, Prompt: prompt });
    expect(orders()).toEqual([{ ...ordered, playPrompt }]);
  });

  localTest.each([
    ['Clid', '8889363711', '+18889363711'],
    ['clid', '44 20 7946 0123', '+442079460123'],
  ])('takes %s as the caller id', async (name, text, phoneNumber) => {
    await placeCall(world(), { ...users.dana, ...numbers, [name]: text });
    expect(orders()).toEqual([{ ...ordered, callerId: { phoneNumber } }]);
  });

  localTest.each(['', ' '])('with an empty caller id sends none', async (Clid) => {
    await placeCall(world(), { ...users.dana, ...numbers, Clid });
    expect(orders()).toEqual([ordered]);
  });

  describe('without From', () => {
    localTest("rings the configured call-back number without reading the user's numbers", async () => {
      const { simulator } = world();
      const sessionId = await placeCall(world(), { ...users.open, To: to });
      expect(simulator.requests.map(({ kind }) => kind).filter((kind) => kind !== 'token')).toEqual(['ring-out']);
      expect(await world().ask(ringout({ cmd: 'status', SessionID: sessionId }))).toEqual(
        plain(`OK ${sessionId} 1;+16505550100;1;+16505550199;1`),
      );
    });

    localTest("reads the configured number by the user's home country", async () => {
      await placeCall(world(), { ...users.britishDesk, To: '+16505550100' });
      expect(orders()).toEqual([{ ...ordered, from: { phoneNumber: '+442071838750' } }]);
    });

    localTest('rings the first number usable as From, which status then shows', async () => {
      const sessionId = await placeCall(world(), { ...users.accented, To: to });
      expect(await world().ask(ringout({ cmd: 'status', SessionID: sessionId }))).toEqual(
        plain(`OK ${sessionId} 1;+16505550100;1;+16505550132;1`),
      );
    });

    localTest('fails with its own reason when the user has no such number', async () => {
      expect(await call({ ...users.main, To: to })).toEqual(
        plain('FAILED The From number is missing and the user has no call-back number'),
      );
      world().expectNothingPlaced();
    });
  });

  describe('a number that might ring a stranger abroad is refused', () => {
    test.each([
      ['an outside line before it', '9-1-650-555-0100'],
      ['an extension behind it', '650 555 0100 101'],
      ['an extension behind its digits', '6505550100101'],
      ['a remark behind it', '415-555-0100 (2)'],
      ['a digit too few', '310-555-010'],
      ['the first ten digits of a number at home', '33142685300'],
    ])('with %s', async (_name, number) => {
      for (const name of ['To', 'From']) {
        const answer = await call({ ...users.dana, ...numbers, [name]: number });
        expect(answer).toEqual(
          plain(`FAILED The ${name} number is not a phone number, write a foreign one with + before it`),
        );
      }
      world().expectNothingPlaced();
    });
  });

  describe('a call that cannot be requested fails with its own reason, and none is placed', () => {
    test.each([
      ['no To', { From: from }, 'The To number is missing'],
      ['an empty To', { ...numbers, To: ' ' }, 'The To number is missing'],
      [
        'an extension number as To',
        { ...numbers, To: '102' },
        'The To number is not a phone number, write a foreign one with + before it',
      ],
      [
        'letters in To',
        { ...numbers, To: '650-CALL-NOW' },
        'The To number is not a phone number, write a foreign one with + before it',
      ],
      [
        'a feature code before To',
        { ...numbers, To: '*67 6505550100' },
        'The To number is not a phone number, write a foreign one with + before it',
      ],
      [
        'pauses and an extension behind To',
        { ...numbers, To: '6505550100,,101' },
        'The To number is not a phone number, write a foreign one with + before it',
      ],
      [
        'a From that is not a number',
        { ...numbers, From: 'desk' },
        'The From number is not a phone number, write a foreign one with + before it',
      ],
      [
        'a From with a digit too many',
        { ...numbers, From: '65055501001' },
        'The From number is not a phone number, write a foreign one with + before it',
      ],
      ['a caller id that is not a number', { ...numbers, Clid: '0' }, 'The Clid number is not a phone number'],
      [
        'To before From and Clid',
        { To: 'x', From: 'x', Clid: 'x' },
        'The To number is not a phone number, write a foreign one with + before it',
      ],
      ['the password before To', { To: 'x', Password: 'not the password' }, 'Invalid User or Password'],
    ])('%s', async (_name, fields, reason) => {
      expect(await call({ ...users.dana, ...fields })).toEqual(plain(`FAILED ${reason}`));
      world().expectNothingPlaced();
    });
  });

  const started = { callStatus: 'InProgress', callerStatus: 'InProgress', calleeStatus: 'InProgress' };
  localTest.each<[string, object, object]>([
    ['no status', {}, started],
    ['an empty status', { status: {} }, started],
    ['a status of the wrong type', { status: 'NoSessionFound' }, started],
    ['status words of the wrong type', { status: { callStatus: 7, callerStatus: '', calleeStatus: '<1>' } }, started],
    [
      'the status of a later state',
      { status: { ...started, callerStatus: 'Success' } },
      { ...started, callerStatus: 'Success' },
    ],
    [
      'the status of a call that is over',
      { status: { ...started, callStatus: 'Finished' } },
      { ...started, callStatus: 'Finished' },
    ],
    [
      'NoSessionFound as status',
      { status: { ...started, callStatus: 'NoSessionFound' } },
      { ...started, callStatus: 'NoSessionFound' },
    ],
  ])('with format=json is a 200 when RingCentral sends %s', async (_name, resource, status) => {
    world().simulator.failNext('ring-out', { status: 200, body: { id: 'demo', ...resource } });
    const answer = await call({ ...users.dana, ...numbers, format: 'json' });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      200,
      { id: expect.stringMatching(/^\d{9}$/) as unknown, status },
    ]);
  });

  localTest('with format=html is answered with text, in success and failure', async () => {
    expect((await call({ ...users.dana, ...numbers, format: 'html' })).type).toBe('text/plain; charset=utf-8');
    expect(await call({ ...users.dana, From: from, format: 'html' })).toEqual(plain('FAILED The To number is missing'));
  });

  localTest('with format=json shows the ring-out resource under our session id', async () => {
    const { status, type, text } = await call({ ...users.dana, ...numbers, format: 'json' });
    const { id } = JSON.parse(text) as { id: string };
    expect(id).toMatch(/^[1-9]\d{8}$/);
    expect({ status, type, text }).toEqual(json(200, { id, status: started }));
    expect(await world().ask(ringout({ cmd: 'status', SessionID: id }))).toEqual(
      plain(`OK ${id} 1;+16505550100;1;+16505551550;1`),
    );
  });
}
