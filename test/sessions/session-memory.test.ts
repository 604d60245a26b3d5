import type { RingOutState } from '../../lib/domain/ring-out.ts';
import { createSessionMemory } from '../../lib/sessions/session-memory.ts';
import type { Session } from '../../lib/state/session-store.ts';
import { demoSession } from '../state/demo-rows.ts';

const ringing: RingOutState = { kind: 'live', call: 'InProgress', caller: 'InProgress', callee: 'InProgress' };
const talking: RingOutState = { kind: 'live', call: 'Success', caller: 'Success', callee: 'Success' };
const over: RingOutState = { kind: 'gone' };
const session = (state: RingOutState, stateAtMs: number): Session => demoSession(0, { state, stateAtMs });

test.each<[string, Session, Session, 'known' | 'given']>([
  ['a later status', session(ringing, 10), session(talking, 20), 'given'],
  ['a status of the same moment', session(ringing, 10), session(talking, 10), 'given'],
  ['an earlier status, such as a row that missed the last write', session(talking, 20), session(ringing, 10), 'known'],
  ['that it is over, however old', session(talking, 20), session(over, 10), 'given'],
  ['a live status of a call that is over', session(over, 10), session(talking, 20), 'known'],
])('of what is known and %s, the right one stays', (_, known, given, stays) => {
  const memory = createSessionMemory();
  expect(memory.remember(known)).toBe(known);
  const expected = stays === 'known' ? known : given;
  expect(memory.remember(given)).toBe(expected);
  expect(memory.recall('123456789', 30)).toBe(expected);
});
