import { randomUUID } from 'node:crypto';
import type { Session } from '../state/session-store.ts';
import type { UserState } from '../state/user-state.ts';
import type { UserStore } from '../state/user-store.ts';
import type { AskLog } from './ask-memory.ts';
import { planAsk } from './status-pacing.ts';

/** The right to ask RingCentral how a call stands. */
export interface Claim {
  /** From when, epoch milliseconds. */
  readonly atMs: number;
  /** The user's asks, this one included; unknown while the table cannot be used. */
  readonly log: AskLog | undefined;
}

/**
 * Claims the next ask about a call, if it is time for one and the user's log of asks still is `log`.
 *
 * @returns the user's state with the claim in it, for {@link Claim}; `not now`: the known status has to do; undefined:
 *   another container has written the log since. Throws StateUnavailable.
 */
export async function claimNextAsk(
  users: Pick<UserStore, 'claimAsk'>,
  session: Session,
  log: AskLog,
  nowMs: number,
): Promise<UserState | 'not now' | undefined> {
  const asks = planAsk(log.asks, session.sessionId, session.stateAtMs, nowMs);
  if (asks === undefined) return 'not now';
  return users.claimAsk(session.userKey, { owner: randomUUID(), seenRevision: log.asksRevision, asks, nowMs });
}
