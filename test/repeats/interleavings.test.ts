import * as fc from 'fast-check';
import { Deadline } from '../../lib/domain/deadline.ts';
import { LegacyFailure } from '../../lib/domain/failure.ts';
import type { SessionId } from '../../lib/domain/ring-out.ts';
import { placeOnce } from '../../lib/repeats/place-once.ts';
import { createMarkStore } from '../../lib/state/mark-store.ts';
import { createSessionStore } from '../../lib/state/session-store.ts';
import { StateUnavailable, type Table } from '../../lib/state/table.ts';
import { directDynamoDb } from '../direct-dynamodb.ts';
import { demoSession } from '../state/demo-rows.ts';
import { openLocalTable, type LocalTable } from '../state/local-table.ts';
import { silentLog } from '../silent-log.ts';

/*
 * Equal calls in several containers, against a real table, in random orders of their steps. A step is one operation of
 * the table, one request to RingCentral or one wait. Any step may be the last one of its container.
 */

const windowMs = 10_000;
const uncertainMs = 60_000;
const requestMs = 26_500;

let local: LocalTable;
beforeAll(async () => {
  local = await openLocalTable(directDynamoDb);
});
afterAll(() => local.close());

/** The outcome of a step. */
type Fate = 'done' | 'dies before' | 'dies after' | 'answer lost';

interface Step {
  readonly kind: 'table' | 'ringcentral' | 'wait';
  run(fate: Fate): Promise<void>;
}

/** Collects steps until a test runs them. */
function createTurns() {
  const waiting: Step[] = [];
  return {
    waiting,
    step: <T>(kind: Step['kind'], work: () => Promise<T> | T): Promise<T> =>
      new Promise((resolve, reject) => {
        waiting.push({
          kind,
          async run(fate) {
            if (fate === 'dies before') return;
            try {
              const result = await work();
              if (fate === 'done' || (fate === 'answer lost' && kind === 'wait')) resolve(result);
              if (fate === 'answer lost' && kind === 'table') reject(new StateUnavailable(new Error('lost')));
              if (fate === 'answer lost' && kind === 'ringcentral') reject(new LegacyFailure('call_uncertain'));
            } catch (error) {
              reject(error);
            }
          },
        });
      }),
  };
}

interface Placement {
  readonly atMs: number;
  readonly sessionId: SessionId;
}

/** Runs equal calls, one container each, with the given fates of the steps in the given order. */
async function run(containers: number, fates: readonly Fate[], order: readonly number[], refused: boolean) {
  let nowMs = 1_800_000_000_000;
  const key = `interleaving-${Math.random()}`;
  const { waiting, step } = createTurns();
  const placements: Placement[] = [];
  const answers: (string | undefined)[] = Array.from({ length: containers }, () => undefined);

  const clock = {
    nowMs: () => nowMs,
    sleep: (ms: number) =>
      step('wait', () => {
        nowMs += ms;
      }),
    random: () => 0.5,
    signal: () => new AbortController().signal,
    elapsedMs: () => nowMs,
  };
  const table: Table = {
    connect: () => Promise.resolve(),
    get: (rowKey) => step('table', () => local.table.get(rowKey)),
    update: (rowKey, change) => step('table', () => local.table.update(rowKey, change)),
    updateAndRead: (rowKey, change) => step('table', () => local.table.updateAndRead(rowKey, change)),
    create: (rowKey, item) => step('table', () => local.table.create(rowKey, item)),
  };
  const sessions = createSessionStore(table);

  for (let index = 0; index < containers; index += 1) {
    const sessionId = String(100_000_000 + Math.floor(Math.random() * 900_000_000)) as SessionId;
    const deadline = new Deadline(clock, requestMs);
    const placing = placeOnce(
      {
        key,
        call: { sessionId, isOver: () => false },
        windowMs,
        uncertainMs,
        uncertain: 'call_uncertain',
        place: async () => {
          await step('ringcentral', () => {
            if (refused) throw new LegacyFailure('to_refused');
            placements.push({ atMs: nowMs, sessionId });
          });
          await sessions.create(demoSession(nowMs, { sessionId }));
          return { value: sessionId, sessionId, isStored: true };
        },
      },
      {
        marks: createMarkStore(table),
        sessions,
        clock,
        deadline,
        log: silentLog,
        metrics: { add() {} } as never,
        requestId: `${index}`,
        addToLog() {},
      },
    );
    void (async () => {
      try {
        const result = await placing;
        answers[index] = `OK ${result.kind === 'placed' ? result.value : result.answer.sessionId}`;
      } catch (error) {
        answers[index] = error instanceof LegacyFailure ? error.code : String(error);
      }
    })();
  }

  const dead: number[] = [];
  for (let turn = 0; turn < 400; turn += 1) {
    await new Promise(setImmediate);
    if (waiting.length === 0) break;
    const [next] = waiting.splice((order[turn % order.length] ?? 0) % waiting.length, 1);
    const fate = fates[turn] ?? 'done';
    if (fate.startsWith('dies')) dead.push(turn);
    await next?.run(fate);
  }
  await new Promise(setImmediate);
  return { placements, answers, deaths: dead.length };
}

const order = fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 });

test('of equal calls one is placed, and all get its session id', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 5 }), order, async (containers, turns) => {
      const { placements, answers } = await run(containers, [], turns, false);
      expect(placements).toHaveLength(1);
      expect(new Set(answers)).toEqual(new Set([`OK ${placements[0]?.sessionId}`]));
    }),
    { numRuns: 60 },
  );
});

test('a container that dies causes no second call, and only its own request has no answer', async () => {
  const fates = fc.array(fc.constantFrom<Fate>('done', 'done', 'done', 'done', 'dies before', 'dies after'), {
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 4 }), fates, order, async (containers, steps, turns) => {
      const { placements, answers, deaths } = await run(containers, steps, turns, false);
      expect(placements.length).toBeLessThanOrEqual(1);
      expect(answers.filter((answer) => answer === undefined).length).toBeLessThanOrEqual(deaths);
      const [placed] = placements;
      const legal = ['call_uncertain', undefined, ...(placed === undefined ? [] : [`OK ${placed.sessionId}`])];
      expect(answers.filter((answer) => !legal.includes(answer))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('after a lost answer each request is answered, and an uncertain call is placed at most once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 4 }), order, fc.nat(6), async (containers, turns, lostAt) => {
      const fates = Array.from({ length: lostAt + 1 }, (_, index): Fate => (index === lostAt ? 'answer lost' : 'done'));
      const { placements, answers } = await run(containers, fates, turns, false);
      expect(answers.filter((answer) => answer === undefined)).toEqual([]);
      // After a lost answer of the table a request is placed as if there were no other. After RingCentral's it is not.
      if (answers.includes('call_uncertain')) expect(placements.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 60 },
  );
});

test('equal calls get the same refusal, and a refusal opens no window', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 4 }), order, async (containers, turns) => {
      const { placements, answers } = await run(containers, [], turns, true);
      expect(placements).toEqual([]);
      expect(new Set(answers)).toEqual(new Set(['to_refused']));
    }),
    { numRuns: 40 },
  );
});
