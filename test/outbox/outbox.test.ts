import { createWorld, demoUser, orderOf, type Fault, type Reaction, type Service, type WorldOptions } from './world.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Reactions to consecutive attempts of a fax. The last one repeats. */
const reactions =
  (...list: readonly Reaction[]) =>
  (_: string, attempt: number): Reaction =>
    list[Math.min(attempt, list.length) - 1] ?? 'accept';

/** Loses all requests to one service between two times after the start. */
function betweenMs(fromMs: number, toMs: number, service: Service): NonNullable<WorldOptions['faultOf']> {
  const startMs = Date.UTC(2026, 10, 23, 12);
  return (asked, nowMs) =>
    asked === service && nowMs >= startMs + fromMs && nowMs < startMs + toMs ? 'lost before' : undefined;
}

/** Sends one fax, runs the world to its end, and returns the outcome. */
async function faxOnce(options: WorldOptions, order = orderOf('demo')) {
  const world = createWorld(options);
  const startMs = world.clock.nowMs();
  const request = world.request('demo', order);
  await world.run();
  const answer = await Promise.race([request, Promise.resolve(undefined)]);
  return {
    world,
    answer: answer?.failure ?? answer?.digit,
    answeredAfterMs: (answer?.endedAtMs ?? 0) - startMs,
    sentAfterMs: world.sentTimes('demo').map((atMs) => atMs - startMs),
    givenUp: world.metrics.get('FaxesGivenUp') ?? 0,
    end: endOf(world),
    documentsKept: world.objects.size,
    waiting: world.waiting(),
  };
}

/** State and reason of the only fax. */
function endOf({ rows }: ReturnType<typeof createWorld>): string {
  const row = [...rows.values()].find(({ pk }) => pk?.S?.startsWith('FAX#'));
  return [row?.['state']?.S, row?.['reason']?.S].filter((text) => text !== undefined).join(': ');
}

/** Applies a fault to the n-th request to one service, counted from 1; several faults are possible. */
function faultAt(service: Service, ...at: readonly (readonly [number, Fault])[]): NonNullable<WorldOptions['faultOf']> {
  let asked = 0;
  return (asking) => {
    if (asking !== service) return undefined;
    asked += 1;
    return at.find(([number]) => number === asked)?.[1];
  };
}

test('a fax that RingCentral accepts at once is answered at once, and its documents are deleted', async () => {
  const { answer, answeredAfterMs, sentAfterMs, end, documentsKept, waiting, world } = await faxOnce({});
  expect({ answer, end, documentsKept, waiting, sent: sentAfterMs.length }).toEqual({
    answer: '0',
    end: 'sent',
    documentsKept: 0,
    waiting: 0,
    sent: 1,
  });
  expect(answeredAfterMs).toBeLessThan(500);
  expect((await world.users.read(demoUser.key)).faxIds).toEqual(['1000']);
});

describe('a refusal', () => {
  test.each<[string, readonly Reaction[], { answer: string; end: string; givenUp: number; documentsKept: number }]>([
    [
      'while the program waits is the answer, and is not counted as given up',
      ['refuse'],
      { answer: 'fax_prohibited', end: 'withdrawn: refused', givenUp: 0, documentsKept: 0 },
    ],
    [
      'after the answer 0 is counted as given up',
      ['limit', 'refuse'],
      { answer: '0', end: 'given_up: refused', givenUp: 1, documentsKept: 1 },
    ],
    [
      'of the JWT while the program waits is the answer, and the fax is withdrawn',
      ['jwt refused'],
      { answer: 'jwt_refused', end: 'withdrawn: refused', givenUp: 0, documentsKept: 0 },
    ],
    [
      'of the JWT after the answer 0 makes the fax wait until the JWT works',
      ['limit', 'jwt refused', 'jwt refused', 'accept'],
      { answer: '0', end: 'sent', givenUp: 0, documentsKept: 0 },
    ],
    [
      'by a proxy makes the fax wait',
      ['proxy refuses', 'proxy refuses', 'accept'],
      { answer: '0', end: 'sent', givenUp: 0, documentsKept: 0 },
    ],
  ])('%s', async (_, list, expected) => {
    const { answer, end, givenUp, documentsKept, waiting } = await faxOnce({ reactionTo: reactions(...list) });
    expect({ answer, end, givenUp, documentsKept, waiting }).toEqual({ ...expected, waiting: 0 });
  });
});

test('a JWT that is refused while the program waits is answered as refused, whatever the timing', async () => {
  let seed = 7;
  const otherwise: (string | undefined)[] = [];
  for (let answerMs = 60; answerMs < 110; answerMs += 1) {
    const latencyMs = (service: Service): number => {
      seed = (seed * 16_807) % 2_147_483_647;
      return service === 'ringcentral' ? answerMs : seed % 60;
    };
    const { answer, end } = await faxOnce({ latencyMs, reactionTo: () => 'jwt refused', maxAgeMs: minute });
    if (answer !== 'jwt_refused' || end !== 'withdrawn: refused') otherwise.push(answer);
  }
  expect(otherwise).toEqual([]);
});

test.each<[Reaction, Fault]>([
  ['refuse', 'lost before'],
  ['refuse', 'lost after'],
  ['jwt refused', 'lost before'],
  ['jwt refused', 'lost after'],
])(
  'a fax is not answered 0 and dropped unreported after "%s" when the table is "%s" from any operation on',
  async (reaction, fault) => {
    const wrong: string[] = [];
    for (let first = 1; first <= 30; first += 1) {
      const startMs = Date.UTC(2026, 10, 23, 12);
      let asked = 0;
      const { answer, end, givenUp } = await faxOnce({
        reactionTo: () => reaction,
        maxAgeMs: minute,
        faultOf(service, nowMs) {
          if (service !== 'table' || nowMs > startMs + 40 * second) return undefined;
          asked += 1;
          return asked >= first ? fault : undefined;
        },
      });
      if (answer === '0' && givenUp !== 1) wrong.push(`from operation ${first} on: ${end}`);
    }
    expect(wrong).toEqual([]);
  },
);

test('a refused JWT does not withdraw a fax that was answered 0 while the table failed', async () => {
  const { answer, end, givenUp } = await faxOnce({
    reactionTo: () => 'jwt refused',
    faultOf: betweenMs(7500, 9500, 'table'),
    latencyMs: (service) => (service === 'ringcentral' ? 12 * second : 1),
  });
  expect({ answer, end, givenUp }).toEqual({ answer: '0', end: 'given_up: expired', givenUp: 1 });
});

test.each(Array.from({ length: 16 }, (_, index) => index + 1))(
  'a promised fax that is given up is counted, also when the table fails at fault %d',
  async (operation) => {
    const startMs = Date.UTC(2026, 10, 23, 12);
    let asked = 0;
    const world = createWorld({
      reactionTo: reactions('limit', 'refuse'),
      faultOf(service) {
        if (service !== 'table' || world.clock.nowMs() < startMs + 30 * second) return undefined;
        asked += 1;
        if (asked !== Math.ceil(operation / 2)) return undefined;
        return operation % 2 === 0 ? 'lost after' : 'lost before';
      },
    });
    void world.request('demo');
    await world.run();
    expect(endOf(world)).toBe('given_up: refused');
    expect(world.metrics.get('FaxesGivenUp')).toBe(1);
  },
);

describe('a fax with an uncertain outcome', () => {
  test('is sent again once it has been missing from the list for long enough', async () => {
    const { answer, sentAfterMs } = await faxOnce({ reactionTo: reactions('silence', 'accept') });
    expect(answer).toBe('0');
    expect(sentAfterMs).toHaveLength(1);
    // 30 s of silence, and two minutes in which the list may still show it.
    expect(sentAfterMs[0]).toBeGreaterThan(150 * second);
    expect(sentAfterMs[0]).toBeLessThan(160 * second);
  });

  test('waits no longer than Retry-After when limits close the list', async () => {
    let looks = 0;
    const { sentAfterMs } = await faxOnce({
      reactionTo: reactions('silence', 'accept'),
      // The list is open for the looks at 15, 45 and 90 s, and closed for the next six, which precede the second attempt.
      listFails: () => {
        looks += 1;
        return looks > 3 && looks <= 9 ? { retryAfterSeconds: 20, upstreamStatus: 429 } : false;
      },
    });
    expect(looks).toBe(10);
    expect(sentAfterMs).toHaveLength(1);
    expect(sentAfterMs[0]).toBeGreaterThan((150 + 6 * 20) * second);
    expect(sentAfterMs[0]).toBeLessThan((160 + 6 * 20) * second);
  });

  test.each<[string, WorldOptions]>([
    ['in a list that lags', { listLagMs: 30 * second }],
    ["by RingCentral's own time", { clockAheadMs: 90 * second }],
    ['with one record for each recipient', { recordPerRecipient: true }],
    ['although the list cannot be read for an hour', { listFails: (ms) => ms < Date.UTC(2026, 10, 23, 13) }],
  ])('is found %s, and not sent again', async (_, options) => {
    const order = orderOf('demo', ['+16505550111', '+442071838750']);
    const { answer, sentAfterMs, end } = await faxOnce(
      { ...options, reactionTo: reactions('accept, then silence') },
      order,
    );
    expect({ answer, times: sentAfterMs.length, end }).toEqual({ answer: '0', times: 1, end: 'sent' });
  });

  const to = (...phoneNumbers: readonly unknown[]): object => ({
    to: phoneNumbers.map((phoneNumber) => ({ phoneNumber })),
  });

  test.each<[string, WorldOptions]>([
    ['in a form that may be the same number', { listed: (record) => ({ ...record, ...to('001 650 555 0111') }) }],
    ['with a local number', { listed: (record) => ({ ...record, ...to('555-0111') }) }],
    ['with a masked number', { listed: (record) => ({ ...record, ...to('+1650555****') }) }],
    ['with a number and an extension', { listed: (record) => ({ ...record, ...to('+16505550111 x5') }) }],
    ['with a recipient without a number', { listed: (record) => ({ ...record, ...to(undefined) }) }],
    ['without recipients', { listed: (record) => ({ ...record, to: [] }) }],
    ['with recipients of another type', { listed: (record) => ({ ...record, to: '+16505550111' }) }],
    ['without an id', { listed: (record) => ({ ...record, id: null }) }],
    ['with an id that is too long', { listed: (record) => ({ ...record, id: 'x'.repeat(500_000) }) }],
    ['without a time', { listed: (record) => ({ ...record, creationTime: 'today' }) }],
    ['as an entry that is no object', { listed: () => null }],
    ['under a Date header that is wrong', { headerAheadMs: -hour }],
    ['by a clock that was put forward since', { headerAheadMs: minute }],
  ])('is not sent again when RingCentral lists it %s, and holds up others for four settlings', async (_, options) => {
    const reactionTo = (fax: string): Reaction => (fax === 'demo' ? 'accept, then silence' : 'accept');
    const world = createWorld({ ...options, reactionTo });
    const startMs = world.clock.nowMs();
    const answer = world.request('demo');
    world.after(second, () => void world.request('behind', orderOf('behind', ['+16505550999'])));
    await world.run();
    expect({ digit: (await answer).digit, times: world.sentTimes('demo').length, end: endOf(world) }).toEqual({
      digit: '0',
      times: 1,
      end: 'given_up: unknown',
    });
    expect(world.metrics.get('FaxesGivenUp')).toBe(1);
    expect((world.sentTimes('behind')[0] ?? Infinity) - startMs).toBeLessThan((30 + 4 * 120 + 65) * second);
  });

  test.each<[string, string]>([
    ['with country code', '+16505550112'],
    ['with separators', '(650) 555-0112'],
    ['with the same digits in another area', '(415) 555-0111'],
    ['abroad', '+44 20 7183 8750'],
  ])('is sent again although the list shows a fax to another number, %s', async (_, number) => {
    const world = createWorld({
      reactionTo: reactions('accept, then silence', 'accept'),
      listed: (record) => ({ ...record, ...to(number) }),
    });
    void world.request('demo');
    await world.run();
    expect(world.sentTimes('demo')).toHaveLength(2);
  });

  test('holds up others for four settlings when the list cannot be read, and is found when it can', async () => {
    const startMs = Date.UTC(2026, 10, 23, 12);
    const world = createWorld({
      reactionTo: (fax) => (fax === 'demo' ? 'accept, then silence' : 'accept'),
      listFails: (ms) => ms < startMs + 5 * hour,
    });
    void world.request('demo');
    for (const minutes of [1, 2, 60, 120]) {
      world.after(minutes * minute, () => void world.request(`behind ${minutes}`));
    }
    await world.run();
    const delays = [1, 2, 60, 120].map(
      (minutes) => (world.sentTimes(`behind ${minutes}`)[0] ?? Infinity) - startMs - minutes * minute,
    );
    expect(Math.max(...delays)).toBeLessThan((30 + 4 * 120 + 65) * second);
    // An hour later others wait for one look only.
    expect(Math.max(...delays.slice(2))).toBeLessThan(2 * minute);
    expect({ times: world.sentTimes('demo').length, end: endOf(world), waiting: world.waiting() }).toEqual({
      times: 1,
      end: 'sent',
      waiting: 0,
    });
  });

  test('keeps its place when a second delivery cannot read the list while the first one sends it', async () => {
    const startMs = Date.UTC(2026, 10, 23, 12);
    let looks = 0;
    const world = createWorld({
      reactionTo: reactions('silence', 'unreachable', 'accept'),
      listFails: (ms) => ms < startMs + 8 * minute || (looks += 1) % 2 === 0,
      deliversTwice: () => true,
      // The first delivery sends the fax when the second one has written its new message.
      latencyMs: (service) => ({ ringcentral: 2000, queue: 50, table: 1, documents: 1 })[service],
    });
    void world.request('demo');
    world.after(minute, () => void world.request('behind'));
    await world.run();
    const [sentAtMs = Infinity] = world.sentTimes('demo');
    expect(sentAtMs).toBeLessThan(world.sentTimes('behind')[0] ?? 0);
    expect({ times: world.sentTimes('demo').length, waiting: world.waiting() }).toEqual({ times: 1, waiting: 0 });
  });

  test('is given up when RingCentral has it for some recipients only', async () => {
    const order = orderOf('demo', ['+16505550111', '+16505550112']);
    const reactionTo = reactions('accept for the first recipient, then silence');
    const { answer, end, givenUp, sentAfterMs } = await faxOnce({ reactionTo }, order);
    expect({ answer, end, givenUp, times: sentAfterMs.length }).toEqual({
      answer: '0',
      end: 'given_up: partly_sent',
      givenUp: 1,
      times: 1,
    });
  });

  test.each<[string, Reaction, string]>([
    ['found', 'accept, then silence', 'sent'],
    ['not found: given up, since the list may not show it yet', 'silence', 'given_up: unknown'],
  ])('with a send time of tomorrow is %s', async (_, reaction, end) => {
    const order = orderOf('demo', undefined, { sendAtMs: Date.UTC(2026, 10, 24, 12) });
    expect(await faxOnce({ reactionTo: reactions(reaction) }, order)).toMatchObject({ answer: '0', end });
  });

  test.each<[string, Reaction, string]>([
    ['found', 'accept, then silence', 'sent'],
    ['not found: given up, since the list may not show it yet', 'silence', 'given_up: unknown'],
  ])('with a send time that passes meanwhile is %s', async (_, reaction, end) => {
    const order = orderOf('demo', undefined, { sendAtMs: Date.UTC(2026, 10, 23, 12, 1) });
    expect(await faxOnce({ reactionTo: reactions(reaction) }, order)).toMatchObject({ answer: '0', end });
  });

  test('is not sent twice when a second sender still decides on an earlier attempt', async () => {
    const startMs = Date.UTC(2026, 10, 23, 12);
    let asked = 0;
    const world = createWorld({
      // After the reads of the list at 15, 45 and 90 s two senders receive the message. The second reads the list
      // slowly.
      deliversTwice: () => world.clock.nowMs() > startMs + 100 * second,
      faultOf(service) {
        if (service !== 'ringcentral') return undefined;
        asked += 1;
        return { 1: 'lost before' as const, 7: 'lost after' as const }[asked];
      },
      latencyMs: (service) => (service === 'ringcentral' && asked === 6 ? 3 * second : 1),
      listLagMs: 30 * second,
    });
    void world.request('demo');
    await world.run();
    expect(asked).toBeGreaterThan(7);
    expect(world.sentTimes('demo')).toHaveLength(1);
  });

  test('moves behind the waiting faxes after four uncertain attempts, and is given up in the end', async () => {
    const world = createWorld({
      reactionTo: (fax) => (fax === 'poison' ? 'silence' : 'accept'),
      maxAgeMs: hour,
    });
    const startMs = world.clock.nowMs();
    void world.request('poison');
    world.after(20 * second, () => void world.request('behind'));
    await world.run();
    const [behindMs = 0] = world.sentTimes('behind');
    expect(behindMs - startMs).toBeLessThan(4 * (30 + 125) * second);
    expect(world.sentTimes('poison')).toEqual([]);
    expect(endOf(world)).toBe('given_up: expired');
    expect({ givenUp: world.metrics.get('FaxesGivenUp'), waiting: world.waiting() }).toEqual({
      givenUp: 1,
      waiting: 0,
    });
  });

  test('that made way for many others is not matched with the fax sent right before it', async () => {
    let attempts = 0;
    const world = createWorld({
      reactionTo(fax) {
        if (fax !== 'poison') return 'accept';
        attempts += 1;
        return attempts <= 4 ? 'silence' : 'accept';
      },
    });
    void world.request('before');
    world.after(second, () => void world.request('poison'));
    for (let index = 0; index < 30; index += 1) world.after(60 * second, () => void world.request(`behind ${index}`));
    await world.run();
    expect(world.sentTimes('before')).toHaveLength(1);
    expect(world.sentTimes('behind 29')).toHaveLength(1);
    expect(world.sentTimes('poison')).toHaveLength(1);
  });

  test('is not matched with a fax that another program sends to the same number afterwards', async () => {
    const world = createWorld({ reactionTo: reactions('silence', 'accept') });
    void world.request('demo');
    const answer = world.request('other', orderOf('other'), 'another-user');
    await world.run();
    expect((await answer).digit).toBe('0');
    expect(world.sentTimes('demo')).toHaveLength(1);
  });
});

test.each<[string, WorldOptions, readonly string[]]>([
  ['of which RingCentral has named one message of two', { recordPerRecipient: true }, ['sent', 'sent']],
  [
    'that RingCentral accepted and failed at once',
    { recordPerRecipient: true, reactionTo: () => 'accept, and fail at once' },
    ['refused', 'sent'],
  ],
])('an uncertain fax is not matched with the one just before it, %s', async (_, options, expected) => {
  const world = createWorld({
    ...options,
    reactionTo: (fax, attempt) =>
      fax === 'first' ? (options.reactionTo?.(fax, attempt) ?? 'accept') : attempt === 1 ? 'silence' : 'accept',
  });
  const both = ['+16505550111', '+16505550112'];
  const first = world.request('first', orderOf('first', both));
  const next = first.then(() => world.request('next', orderOf('next', both.slice(1))));
  await world.run();
  expect([(await first).failure ?? 'sent', (await next).failure ?? 'sent']).toEqual(expected);
  expect(world.sentTimes('next')).toHaveLength(1);
});

describe('a service that is down', () => {
  test.each<[string, NonNullable<WorldOptions['faultOf']>, string]>([
    ['the bucket', faultAt('documents', [1, 'lost before']), 'outbox_unavailable'],
    ['the bucket, which has the documents', faultAt('documents', [1, 'lost after']), 'outbox_unavailable'],
    ['the queue', faultAt('queue', [1, 'lost before']), 'outbox_unavailable'],
    ['the table, before the user is read', faultAt('table', [1, 'lost before']), 'state_unavailable'],
    ['the table, for the ticket', faultAt('table', [2, 'lost after']), 'state_unavailable'],
    ['the table, for the row', faultAt('table', [3, 'lost before']), 'state_unavailable'],
    ['the table, which has the row', faultAt('table', [3, 'lost after']), 'state_unavailable'],
  ])('%s: the answer is 5, and the fax is never sent', async (_, faultOf, answer) => {
    expect(await faxOnce({ faultOf })).toMatchObject({ answer, sentAfterMs: [], waiting: 0, givenUp: 0 });
  });

  test('the queue, which has the message: the answer is 0 or a failure, and no message is left', async () => {
    const faultOf = faultAt('queue', [1, 'lost after']);
    expect(await faxOnce({ faultOf, latencyMs: (service) => (service === 'ringcentral' ? 500 : 1) })).toMatchObject({
      // Timing decides whether the fax is withdrawn or already being sent.
      answer: expect.stringMatching(/^(?:0|outbox_unavailable)$/) as string,
      waiting: 0,
    });
  });

  test('the table, when RingCentral has accepted the fax: the write is retried until it succeeds', async () => {
    const { sentAfterMs, end } = await faxOnce({
      faultOf: betweenMs(1002, 20 * second, 'table'),
      latencyMs: (service) => (service === 'ringcentral' ? second : 1),
      // The list lags so long that it cannot replace the write.
      listLagMs: 10 * minute,
    });
    expect({ end, times: sentAfterMs.length }).toEqual({ end: 'sent', times: 1 });
  });

  test('table and queue: the outcome is unknown', async () => {
    let isSilent = false;
    const faultOf = (service: Service): Fault | undefined => {
      if (service === 'queue') isSilent = true;
      return isSilent && (service === 'queue' || service === 'table') ? 'lost before' : undefined;
    };
    expect(await faxOnce({ faultOf })).toMatchObject({ answer: 'fax_uncertain', sentAfterMs: [] });
  });

  test('the table, which answers after the time of the request: the fax is never sent', async () => {
    let asked = 0;
    const latencyMs = (service: Service): number => (service === 'table' && ++asked === 3 ? 26_500 : 1);
    // By the clock of SQS the request is not over yet.
    const queueAheadMs = -3 * second;
    expect(await faxOnce({ latencyMs, queueAheadMs })).toMatchObject({ answer: 'deadline', sentAfterMs: [] });
  });

  test.each<[string, WorldOptions]>([
    ['the secrets', { secretsFail: () => true }],
    ["RingCentral's list", { reactionTo: () => 'silence', listFails: () => true }],
    ['the rate limit, a second at a time', { reactionTo: () => 'limit for a second' }],
  ])(
    '%s, for more than a day: the fax is given up, and its message does not become a dead letter',
    async (_, options) => {
      const { answer, end, givenUp, waiting, world } = await faxOnce(options);
      expect({ answer, end, givenUp, waiting, deadLetters: world.deadLetters }).toEqual({
        answer: '0',
        end: 'given_up: expired',
        givenUp: 1,
        waiting: 0,
        deadLetters: [],
      });
    },
  );

  test('RingCentral, for a day: the fax is given up', async () => {
    const { answer, end, givenUp, waiting } = await faxOnce({ reactionTo: () => 'unreachable' });
    expect({ answer, end, givenUp, waiting }).toEqual({
      answer: '0',
      end: 'given_up: expired',
      givenUp: 1,
      waiting: 0,
    });
  });

  test('RingCentral, for some hours: the answer is 0 at once, and the fax is sent', async () => {
    const list = Array.from({ length: 20 }, (): Reaction => 'unreachable');
    const { answer, answeredAfterMs, sentAfterMs } = await faxOnce({ reactionTo: reactions(...list, 'accept') });
    expect({ answer, times: sentAfterMs.length }).toEqual({ answer: '0', times: 1 });
    expect(answeredAfterMs).toBeLessThan(second);
    expect(sentAfterMs[0]).toBeLessThan(5 * hour);
  });
});

describe('a sender that dies', () => {
  test.each<[string, NonNullable<WorldOptions['faultOf']>]>([
    ['before its request to RingCentral', faultAt('ringcentral', [1, 'dies before'])],
    ['when RingCentral has the fax', faultAt('ringcentral', [1, 'dies after'])],
    ['after reading the documents', faultAt('documents', [2, 'dies after'])],
    ['before the documents are deleted', faultAt('documents', [3, 'dies before'])],
  ])('%s leaves the fax sent once', async (_, faultOf) => {
    const { answer, sentAfterMs, documentsKept, waiting } = await faxOnce({ faultOf });
    expect({ answer, times: sentAfterMs.length, documentsKept, waiting }).toEqual({
      answer: '0',
      times: 1,
      documentsKept: 0,
      waiting: 0,
    });
  });
});

describe('a clock that was a day ahead', () => {
  /** Changes the row of the only fax. */
  async function setInRow({ rows, table }: ReturnType<typeof createWorld>, times: Readonly<Record<string, number>>) {
    const key = [...rows.values()].map(({ pk }) => pk?.S ?? '').find((pk) => pk.startsWith('FAX#')) ?? '';
    const names = Object.keys(times);
    await table.update(key, {
      update: `SET ${names.map((name) => `${name} = :${name}`).join(', ')}`,
      values: Object.fromEntries(names.map((name) => [`:${name}`, { N: String(times[name]) }])),
    });
  }
  const tomorrowMs = Date.UTC(2026, 10, 24, 12);

  test('does not keep a fax waiting', async () => {
    const world = createWorld({ reactionTo: reactions('limit', 'accept') });
    void world.request('demo');
    world.after(20 * second, () => void setInRow(world, { notBeforeMs: tomorrowMs }));
    await world.run(hour);
    expect(world.sentTimes('demo')).toHaveLength(1);
  });

  test('does not keep a fax in the hands of a container that died, and the fax is found', async () => {
    const world = createWorld({ faultOf: faultAt('ringcentral', [1, 'dies after']) });
    void world.request('demo');
    world.after(20 * second, () => void setInRow(world, { startMs: tomorrowMs, untilMs: tomorrowMs + minute }));
    await world.run(hour);
    expect({ times: world.sentTimes('demo').length, end: endOf(world) }).toEqual({ times: 1, end: 'sent' });
  });
});

test('a fax whose documents cannot be deleted holds up those behind it for five minutes', async () => {
  // The two faxes are entered and the first one is read. Then its deletion fails every half minute.
  const deletions = Array.from({ length: 11 }, (_, index) => [index + 4, 'lost before'] as const);
  const world = createWorld({ faultOf: faultAt('documents', ...deletions) });
  const startMs = world.clock.nowMs();
  void world.request('demo');
  void world.request('behind');
  await world.run();
  expect([world.sentTimes('demo').length, world.objects.size, world.waiting()]).toEqual([1, 1, 0]);
  expect((world.sentTimes('behind')[0] ?? Infinity) - startMs).toBeLessThan(301 * second);
});

test('a fax whose message two senders receive is sent once', async () => {
  const { answer, sentAfterMs } = await faxOnce({ deliversTwice: () => true });
  expect({ answer, times: sentAfterMs.length }).toEqual({ answer: '0', times: 1 });
});

test('a message that arrives after its request has ended is dropped', async () => {
  const { sentAfterMs, end, waiting } = await faxOnce({
    latencyMs: (service) => (service === 'queue' ? 40 * second : 1),
  });
  expect({ sentAfterMs, end, waiting }).toEqual({ sentAfterMs: [], end: 'withdrawn: too_late', waiting: 0 });
});

test('a fax of a user who was removed from the secrets is given up', async () => {
  let isKnown = true;
  const world = createWorld({ reactionTo: () => 'unreachable', isKnownUser: () => isKnown });
  void world.request('demo');
  world.after(minute, () => {
    isKnown = false;
  });
  await world.run();
  expect(endOf(world)).toBe('given_up: user_gone');
});

test('a fax whose documents are missing is given up', async () => {
  const world = createWorld({ reactionTo: reactions('limit', 'accept') });
  void world.request('demo');
  world.after(10 * second, () => world.objects.clear());
  await world.run();
  expect({ end: endOf(world), sent: world.accepted.length }).toEqual({ end: 'given_up: bytes_gone', sent: 0 });
});

/** A user with this many waiting faxes. */
async function worldWith(waiting: number, options: WorldOptions = {}) {
  const world = createWorld(options);
  await world.table.update(`USER#${demoUser.key}`, {
    update: 'SET faxesEntered = :many',
    values: { ':many': { N: String(waiting) } },
  });
  return world;
}

test.each<Service>(['documents', 'queue'])(
  'a fax that is refused because of a fault in %s does not count as waiting',
  async (service) => {
    const world = await worldWith(4999, { faultOf: faultAt(service, [1, 'lost before']) });
    const first = world.request('first');
    const next = first.then(() => world.request('next'));
    await world.run();
    expect([(await first).failure, (await next).digit]).toEqual(['outbox_unavailable', '0']);
  },
);

test('a fax that is refused while its program waits gets one ticket, which is done', async () => {
  const { answer, world } = await faxOnce({ reactionTo: () => 'refuse' });
  expect(answer).toBe('fax_prohibited');
  const user = [...world.rows.values()].find(({ pk }) => pk?.S?.startsWith('USER#'));
  expect(user).toMatchObject({ faxesEntered: { N: '1' }, faxesDone: { N: '1' } });
});

test('a user with 5,000 waiting faxes is refused, other users are not', async () => {
  const world = await worldWith(5000);
  const full = world.request('full');
  const other = world.request('other', orderOf('other'), 'another-user');
  await world.run();
  expect([(await full).failure, (await other).digit, world.accepted.length]).toEqual(['outbox_full', '0', 1]);
});

test('100 faxes of one user go out in order, seven a minute, and leave three requests a minute for calls', async () => {
  const limit = 10;
  let posts: number[] = [];
  const world = createWorld({
    reactionTo() {
      posts = posts.filter((atMs) => atMs > world.clock.nowMs() - minute);
      if (posts.length >= limit) return 'limit';
      posts.push(world.clock.nowMs());
      return 'accept';
    },
    limitHeaders: () => ({
      'x-rate-limit-limit': String(limit),
      'x-rate-limit-remaining': String(limit - posts.length),
      'x-rate-limit-window': '60',
    }),
  });
  const startMs = world.clock.nowMs();
  const names = Array.from({ length: 100 }, (_, index) => `fax ${index}`);
  const digits: (string | undefined)[] = [];
  void (async () => {
    for (const name of names) digits.push((await world.request(name)).digit);
  })();
  const quick = world.clock.sleep(2 * minute).then(() => world.request('other', orderOf('other'), 'another-user'));
  await world.run();

  const ours = world.accepted.filter(({ userKey }) => userKey === demoUser.key);
  expect(digits).toEqual(names.map(() => '0'));
  expect(ours.map(({ fax }) => fax)).toEqual(names);
  expect([...world.attempts.values()].every((attempts) => attempts === 1)).toBe(true);
  const lastMs = (ours.at(-1)?.atMs ?? 0) - startMs;
  // Seven in each of fourteen minutes, and two more.
  expect(Math.floor(lastMs / minute)).toBe(14);
  const { digit, beganAtMs } = await quick;
  expect(digit).toBe('0');
  expect((world.sentTimes('other')[0] ?? 0) - beganAtMs).toBeLessThan(second);
});
