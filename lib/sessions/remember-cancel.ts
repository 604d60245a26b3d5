import type { Clock } from '../domain/ports.ts';
import type { Session, SessionStore } from '../state/session-store.ts';
import { unlessTableDown } from '../state/table.ts';
import type { SessionMemory } from './session-memory.ts';

/**
 * Stores, for all containers, that RingCentral has just answered a cancel. Further cancels are not sent, and the next
 * poll asks RingCentral afresh. The state of the call is left to that poll: a cancel that came too late does not tell
 * whether the parties are talking or the call is over. Without the table only this container remembers the cancel.
 */
export async function rememberCancel(
  session: Session,
  parts: { readonly sessions: SessionStore; readonly sessionMemory: SessionMemory; readonly clock: Clock },
): Promise<void> {
  const cancelledAtMs = parts.clock.nowMs();
  parts.sessionMemory.remember({ ...session, cancelledAtMs });
  await unlessTableDown(parts.sessions.storeCancel(session.sessionId, cancelledAtMs));
}
