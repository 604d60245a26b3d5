import type { Clock } from '../domain/ports.ts';
import type { Session, SessionStore } from '../state/session-store.ts';
import { unlessTableDown } from '../state/table.ts';
import type { SessionMemory } from './session-memory.ts';

/**
 * Remembers, for all containers, that RingCentral has just answered a cancel: no further one is worth a request, and the
 * next poll asks afresh. What became of the call is left to that poll: a cancel that came too late does not tell a call
 * that talks from one that is over. Without the table this container alone remembers.
 */
export async function rememberCancel(
  session: Session,
  parts: { readonly sessions: SessionStore; readonly sessionMemory: SessionMemory; readonly clock: Clock },
): Promise<void> {
  const cancelledAtMs = parts.clock.nowMs();
  parts.sessionMemory.remember({ ...session, cancelledAtMs });
  await unlessTableDown(parts.sessions.storeCancel(session.sessionId, cancelledAtMs));
}
