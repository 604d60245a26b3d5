import type { SessionId } from '../../lib/domain/ring-out.ts';
import { createSessionMemory } from '../../lib/sessions/session-memory.ts';
import type { Session } from '../../lib/state/session-store.ts';

const sessionId: SessionId = '123456789';
const session = { sessionId, createdAtMs: 0 } as Session;
const other: SessionId = '999999999';
const log = (...asks: readonly (number | readonly [SessionId, number])[]) => ({
  asksRevision: asks.length,
  asks: asks.map((ask) => (typeof ask === 'number' ? { sessionId, atMs: ask } : { sessionId: ask[0], atMs: ask[1] })),
});

describe('the log of asks is handed out', () => {
  test('once, after an ask that was answered', () => {
    const memory = createSessionMemory();
    memory.remember(session, { atMs: 10, log: log(10) });
    expect(memory.takeLog(sessionId)).toEqual(log(10));
    expect(memory.takeLog(sessionId)).toBeUndefined();
    memory.remember(session, { atMs: 20, log: log(10, 20) });
    expect(memory.takeLog(sessionId)).toEqual(log(10, 20));
  });

  test('not after the session was read from the table, which may know more', () => {
    const memory = createSessionMemory();
    memory.remember(session, { atMs: 10, log: log(10) });
    memory.remember(session);
    expect(memory.takeLog(sessionId)).toBeUndefined();
  });

  test('not while another container’s ask is in it, and again when that one has left it', () => {
    const memory = createSessionMemory();
    memory.remember(session, { atMs: 10, log: log(10) });
    memory.remember(session, { atMs: 30, log: log(10, 20, 30) });
    expect(memory.takeLog(sessionId)).toBeUndefined();
    memory.remember(session);
    memory.remember(session, { atMs: 60_025, log: log(30, 60_025) });
    expect(memory.takeLog(sessionId)).toEqual(log(30, 60_025));
  });

  test('not while an ask about another call is in it', () => {
    const memory = createSessionMemory();
    memory.remember(session, { atMs: 30, log: log([other, 20], 30) });
    expect(memory.takeLog(sessionId)).toBeUndefined();
  });

  test('not where the table could not be used', () => {
    const memory = createSessionMemory();
    memory.remember(session, { atMs: 10, log: undefined });
    expect(memory.takeLog(sessionId)).toBeUndefined();
  });
});
