import type { RingOutState } from '../../lib/domain/ring-out.ts';
import { createSessionMemory } from '../../lib/sessions/session-memory.ts';
import type { Session } from '../../lib/state/session-store.ts';
import { demoSession } from '../state/demo-rows.ts';

const ringing: RingOutState = { kind: 'live', call: 'InProgress', caller: 'InProgress', callee: 'InProgress' };
const talking: RingOutState = { kind: 'live', call: 'Success', caller: 'Success', callee: 'Success' };
const over: RingOutState = { kind: 'gone' };
const session = (state: RingOutState, stateAtMs: number): Session => demoSession(0, { state, stateAtMs });

test.each<[string, Session, Session, 'known' | 'given']>([
  ['a later status replaces the cached one', session(ringing, 10), session(talking, 20), 'given'],
  ['a status of the same moment replaces the cached one', session(ringing, 10), session(talking, 10), 'given'],
  [
    'an earlier status, as of a row without the last write, does not replace the cached one',
    session(talking, 20),
    session(ringing, 10),
    'known',
  ],
  [
    'an end of the call replaces the cached status, however old it is',
    session(talking, 20),
    session(over, 10),
    'given',
  ],
  ['a live status does not replace the end of a call', session(over, 10), session(talking, 20), 'known'],
])('%s', (_, known, given, stays) => {
  const memory = createSessionMemory();
  expect(memory.remember(known)).toEqual(known);
  const expected = stays === 'known' ? known : given;
  expect(memory.remember(given)).toEqual(expected);
  expect(memory.recall('123456789', 30)).toEqual(expected);
});

test.each<[string, number | undefined, number | undefined, number | undefined]>([
  ['none', undefined, undefined, undefined],
  ['one that the table does not have', 15, undefined, 15],
  ['one of another container', undefined, 15, 15],
  ['the later of two', 15, 25, 25],
  ['the later of two, in the other order', 25, 15, 25],
])('a cancel is kept with the later status: %s', (_, known, given, expected) => {
  for (const [knownAtMs, givenAtMs] of [
    [10, 20],
    [20, 10],
  ] as const) {
    const memory = createSessionMemory();
    memory.remember({ ...session(ringing, knownAtMs), cancelledAtMs: known });
    expect(memory.remember({ ...session(talking, givenAtMs), cancelledAtMs: given })).toEqual({
      ...(knownAtMs > givenAtMs ? session(ringing, knownAtMs) : session(talking, givenAtMs)),
      cancelledAtMs: expected,
    });
  }
});
