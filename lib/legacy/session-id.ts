import type { SessionId } from '../domain/ring-out.ts';
import type { Fields } from './fields.ts';

/** The session a `status` or `cancel` is about. */
export interface SessionRef {
  /** What the answer repeats: the id as sent, or `0` for one that could do harm in an answer. */
  readonly echo: string;
  /** The id when it is one that this service could have given out; undefined for everything else. */
  readonly sessionId: SessionId | undefined;
}

/**
 * Reads `SessionID`. An id that is unknown or malformed is never an error (observed of the old server), so this cannot
 * fail; only ids of nine digits are worth looking up.
 */
export function readSession(fields: Fields): SessionRef {
  const sent = fields.first('SessionID') ?? '0';
  return {
    echo: /^[A-Za-z0-9._~-]{1,64}$/.test(sent) ? sent : '0',
    sessionId: isSessionId(sent) ? sent : undefined,
  };
}

function isSessionId(text: string): text is SessionId {
  return /^[1-9]\d{8}$/.test(text);
}
