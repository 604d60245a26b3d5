import * as fc from 'fast-check';
import { createWorld, demoUser, orderOf, type Answer, type Fault, type Reaction } from './world.ts';

/*
 * Requests, repeats, deliveries, crashes, lost answers of every service and a list that lags, in random order. Faults
 * end after an hour, so that every run ends. A seed reproduces its run.
 */

/** Pseudo-random numbers in [0, 1) from a seed (Mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const faults: readonly Fault[] = ['lost before', 'lost after', 'dies before', 'dies after'];
const recipients = [['+16505550111'], ['+16505550112'], ['+16505550111', '+16505550112']];
const reactions: readonly Reaction[] = [
  'accept',
  'accept',
  'accept, then silence',
  'silence',
  'limit',
  'unreachable',
  'proxy refuses',
  'jwt refused',
  'refuse',
  'accept, and fail at once',
];

interface Run {
  readonly seed: number;
  /** The share of requests to services that fail, in percent. */
  readonly faultPercent: number;
  readonly faxes: number;
}

async function simulate({ seed, faultPercent, faxes }: Run) {
  const draw = chance(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)] as T;
  const troubleEndsMs = Date.UTC(2026, 10, 23, 12) + 3_600_000;
  /** Faxes that RingCentral has refused, or failed at once. */
  const refused = new Map<string, Reaction>();
  const inTrouble = (): boolean => world.clock.nowMs() < troubleEndsMs;
  const world = createWorld({
    faultOf: () => (inTrouble() && draw() * 100 < faultPercent ? pick(faults) : undefined),
    reactionTo(fax) {
      const reaction = inTrouble() && draw() < 0.5 ? pick(reactions) : 'accept';
      if (reaction === 'refuse' || reaction === 'accept, and fail at once') refused.set(fax, reaction);
      return reaction;
    },
    listLagMs: Math.floor(draw() * 30_000),
    listFails: () => inTrouble() && draw() < 0.2,
    clockAheadMs: pick([0, 0, -3000, 45_000]),
    recordPerRecipient: draw() < 0.3,
    limitHeaders: () =>
      draw() < 0.7 ? {} : { 'x-rate-limit-limit': '10', 'x-rate-limit-remaining': '3', 'x-rate-limit-window': '60' },
    deliversTwice: () => draw() < 0.1,
    latencyMs: () => Math.floor(draw() * 60),
  });
  // Programs fax one after the other to the same two numbers, so that little but the time distinguishes two faxes.
  const programs = Array.from({ length: 2 }, async (_, program) => {
    for (let index = 0; index < faxes; index += 1) {
      const request = world.request(
        `${program}-${index}`,
        orderOf(`${program}-${index}`, pick(recipients)),
        `${demoUser.key}-${program % 2}`,
      );
      await Promise.race([request, world.clock.sleep(40_000)]);
      await world.clock.sleep(Math.floor(draw() * pick([500, 20_000])));
    }
  });
  await world.run();
  void programs;
  return { ...world, refused };
}

test('no fax is lost or sent twice, and no group is stuck', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.integer(),
        faultPercent: fc.constantFrom(0, 1, 3, 8),
        faxes: fc.constantFrom(1, 1, 1, 2, 2, 5),
      }),
      async (run) => {
        const world = await simulate(run);
        const wrong = world.answers.flatMap((answer) => complaint(answer, world));
        const promised = world.answers.filter(({ digit }) => digit === '0');
        const lost = promised.filter(({ fax }) => world.sentTimes(fax).length === 0);
        const unheard =
          lost.filter(({ fax }) => world.refused.get(fax) === 'refuse').length -
          (world.metrics.get('FaxesGivenUp') ?? 0);
        const doubled = [...world.attempts.keys()].filter((fax) => world.sentTimes(fax).length > 1);
        const overtaken = world.answers.flatMap((answer) => overtakers(answer, world));
        expect({ wrong, doubled, overtaken, unheard: Math.max(unheard, 0), waiting: world.waiting() }).toEqual({
          wrong: [],
          doubled: [],
          overtaken: [],
          unheard: 0,
          waiting: 0,
        });
      },
    ),
    { numRuns: Number(process.env['MODEL_RUNS'] ?? 1000) },
  );
}, 300_000);

type Simulated = Awaited<ReturnType<typeof simulate>>;

/** What is wrong with the answer to a fax, given how often RingCentral has accepted it. */
function complaint({ fax, digit, failure }: Answer, { sentTimes, refused }: Simulated): readonly string[] {
  const times = sentTimes(fax).length;
  switch (digit) {
    case '0':
      return times === 1 || (times === 0 && refused.has(fax)) ? [] : [`${fax} was answered 0 and sent ${times} times`];
    case 'not sent':
      return times === 0 ? [] : [`${fax} was refused with ${failure} and sent ${times} times`];
    case 'unknown':
    case undefined:
      return times <= 1 ? [] : [`${fax} was sent ${times} times`];
  }
}

/** Faxes of the same user that were requested after the answer to this one, and sent before it. */
function overtakers({ fax, digit, endedAtMs }: Answer, world: Simulated): readonly string[] {
  const [sentAtMs] = world.sentTimes(fax);
  // After four unclear attempts a fax makes way for those behind it.
  const hasMadeWay = [...world.rows.values()].some(
    ({ userKey, requeues }) => userKey?.S?.endsWith(fax[0] ?? '') === true && requeues !== undefined,
  );
  if (digit !== '0' || sentAtMs === undefined || hasMadeWay) return [];
  return world.answers
    .filter((later) => later.fax[0] === fax[0] && later.beganAtMs >= endedAtMs)
    .filter((later) => (world.sentTimes(later.fax)[0] ?? Number.POSITIVE_INFINITY) < sentAtMs)
    .map((later) => `${later.fax} overtook ${fax}`);
}
