import type { SessionId } from '../domain/ring-out.ts';
import type { Fields } from './fields.ts';

/** The session that a `status` or `cancel` names. */
export interface SessionRef {
  /** The id that the answer repeats: as sent, or `0` for one that could do harm in an answer. */
  readonly echo: string;
  /** The id if this service could have issued it; else undefined. */
  readonly sessionId: SessionId | undefined;
}

/**
 * Reads `SessionID`. Never throws, because an unknown or malformed id is no error (observed of the old server). Only
 * ids of nine digits are looked up.
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
