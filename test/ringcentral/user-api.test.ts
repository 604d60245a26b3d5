import { Deadline } from '../../lib/domain/deadline.ts';
import { LegacyFailure } from '../../lib/domain/failure.ts';
import type { Metrics } from '../../lib/domain/ports.ts';
import type { Token } from '../../lib/domain/token.ts';
import type { User } from '../../lib/domain/user.ts';
import type { TokenSource } from '../../lib/ringcentral/token-source.ts';
import { createApi, type Operation } from '../../lib/ringcentral/user-api.ts';
import { blankState } from '../../lib/state/user-state.ts';
import type { UserStore } from '../../lib/state/user-store.ts';
import { testClock } from '../clock.ts';
import { silentLog } from '../silent-log.ts';

const user = { key: 'demo-user', clientId: 'demo-client' } as User;
const token = (accessToken: string) => ({ accessToken }) as Token;
const reading = { route: 'forwarding-number', method: 'GET', path: '/x', read: () => true } satisfies Operation<true>;
const placing = {
  route: 'ring-out',
  method: 'POST',
  path: '/x',
  uncertain: 'call_uncertain',
  read: (json: unknown) => (json === undefined ? undefined : true),
} satisfies Operation<true>;

/** One legacy request of a user. RingCentral answers with the given statuses; the tokens are `one`, `two`, … */
function openWorld(...statuses: readonly (number | Promise<never>)[]) {
  const clock = testClock();
  const deadline = new Deadline(clock, 20_000);
  const sent: string[] = [];
  const asked: string[] = [];
  const names = ['one', 'two', 'three'];
  const nextToken = (): Token => token(names.shift() ?? 'too many');
  const tokens: TokenSource = {
    async serve() {
      asked.push('serve');
      return nextToken();
    },
    async replace({ state }, rejected) {
      asked.push(`replace ${rejected.accessToken}, ${state === undefined ? 'reading the state' : 'as read'}`);
      return nextToken();
    },
    async rememberRejection(_, rejected) {
      asked.push(`give up ${rejected.accessToken}`);
    },
    renew: () => Promise.reject(new Error('not asked for here')),
  };
  const openApi = createApi({
    async send(_, { headers }) {
      const status = await statuses[sent.push(headers['Authorization'] ?? '') - 1];
      return new Response('{}', { status: status ?? 200 });
    },
    tokens,
    store: {} as UserStore,
    clock,
    metrics: { add() {} } as unknown as Metrics,
  });
  return { api: openApi(user, blankState, deadline, silentLog), deadline, clock, sent, asked, tokens };
}

describe('the token of a legacy request', () => {
  test('is requested once', async () => {
    const { api, sent, asked } = openWorld();
    await api.perform(reading);
    await api.perform(placing);
    expect([asked, sent]).toEqual([['serve'], ['Bearer one', 'Bearer one']]);
  });

  test('is the replacement after a rejection', async () => {
    const { api, sent, asked } = openWorld(401);
    await api.perform(reading);
    await api.perform(placing);
    expect(asked).toEqual(['serve', 'replace one, reading the state']);
    expect(sent).toEqual(['Bearer one', 'Bearer two', 'Bearer two']);
  });

  test('is replaced at each later rejection', async () => {
    const { api, sent } = openWorld(200, 401, 200, 401);
    for (const operation of [reading, reading, placing]) await api.perform(operation);
    expect(sent).toEqual(['Bearer one', 'Bearer one', 'Bearer two', 'Bearer two', 'Bearer three']);
  });

  test('is never one that was rejected, even after the last attempt', async () => {
    const { api, sent, asked } = openWorld(401, 401);
    await expect(api.perform(reading)).rejects.toMatchObject({ code: 'token_rejected' });
    await api.perform(placing);
    expect(asked).toEqual(['serve', 'replace one, reading the state', 'give up two', 'replace two, reading the state']);
    expect(sent).toEqual(['Bearer one', 'Bearer two', 'Bearer three']);
  });

  test('is replaced even if the first request for a replacement failed', async () => {
    const { api, sent, asked, tokens } = openWorld(401);
    const replace = tokens.replace.bind(tokens);
    tokens.replace = () => Promise.reject(new LegacyFailure('throttled'));
    await expect(api.perform(reading)).rejects.toMatchObject({ code: 'throttled' });
    tokens.replace = replace;
    await api.perform(placing);
    expect([asked.at(-1), sent]).toEqual(['replace one, reading the state', ['Bearer one', 'Bearer two']]);
  });
});

describe('at the deadline', () => {
  const never = new Promise<never>(() => {});
  const untilSent = async (sent: readonly string[], count: number): Promise<void> => {
    while (sent.length < count) await new Promise((resolve) => setImmediate(resolve));
  };

  test.each<[string, Operation<true>, readonly (number | Promise<never>)[], string]>([
    ['while a call is being placed, it is uncertain', placing, [never], 'call_uncertain'],
    ['while it is placed a second time after a 401, it is uncertain', placing, [401, never], 'call_uncertain'],
    ['while something is read, nothing is uncertain', reading, [never], 'deadline'],
  ])('%s', async (_, operation, statuses, code) => {
    const { api, deadline, sent } = openWorld(...statuses);
    void api.perform(operation);
    await untilSent(sent, statuses.length);
    expect(deadline.end()).toBe(code);
  });

  test('before any request to RingCentral, nothing is uncertain, and nothing is sent any more', async () => {
    const { api, deadline, clock, sent, tokens } = openWorld();
    const held = Promise.withResolvers<Token>();
    tokens.serve = () => held.promise;
    const performed = api.perform(placing);
    expect(deadline.end()).toBe('deadline');
    // The deadline stays passed even if the clock is set back.
    clock.advance(-60_000);
    held.resolve(token('late'));
    await expect(performed).rejects.toMatchObject({ code: 'deadline' });
    await expect(api.perform(reading)).rejects.toMatchObject({ code: 'deadline' });
    expect(sent).toEqual([]);
  });

  test('while a rejected token is replaced, nothing is uncertain, because RingCentral refused the call', async () => {
    const { api, deadline, sent, tokens } = openWorld(401);
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<Token>();
    tokens.replace = () => {
      asked.resolve();
      return held.promise;
    };
    const performed = api.perform(placing);
    await asked.promise;
    expect(deadline.end()).toBe('deadline');
    held.resolve(token('late'));
    await expect(performed).rejects.toMatchObject({ code: 'deadline' });
    expect(sent).toEqual(['Bearer one']);
  });

  test('after a call was placed, its outcome is uncertain, and stays so', async () => {
    const { api, deadline } = openWorld();
    await api.perform(placing);
    expect(deadline.end()).toBe('call_uncertain');
    deadline.notPlaced();
    expect(deadline.end()).toBe('call_uncertain');
  });
});
