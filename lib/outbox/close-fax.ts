import type { Clock, Log, Metrics } from '../domain/ports.ts';
import type { FaxEnd, FaxRow } from '../state/fax-row.ts';
import type { UserStore } from '../state/user-store.ts';
import { DocumentsUnavailable, type FaxDocuments } from './ports.ts';

/** What closing a fax needs. */
export interface CloseParts {
  readonly documents: FaxDocuments;
  readonly users: UserStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Number of RingCentral's ids stored for each user: more than the faxes that can be sent in the seconds before an
 * attempt. A search ignores the messages with these ids.
 */
const keptIds = 20;

/** The faxes behind a sent one wait at most this long for the deletion of its documents, in milliseconds. */
const longestCleaningMs = 5 * 60_000;

/**
 * Cleans up after a fax that has ended. It is idempotent, because a container may die before the message is deleted.
 */
export async function closeFax(row: FaxRow, messageIds: readonly string[], parts: CloseParts): Promise<void> {
  await rememberFax(row, messageIds, parts);
  // The documents of a given-up fax stay until the bucket deletes them: it may be sent again by hand.
  if (row.state.kind === 'given_up') return;
  try {
    await parts.documents.delete(row.id);
  } catch (error) {
    const isLate = row.endedAtMs !== undefined && parts.clock.nowMs() >= row.endedAtMs + longestCleaningMs;
    if (!(error instanceof DocumentsUnavailable) || !isLate) throw error;
    parts.log.warn('the documents of a fax are not deleted', { fax: row.id, reason: error.message });
  }
}

/** Stores RingCentral's ids of a fax, so that a later one does not match them, and that the fax no longer waits. */
export async function rememberFax(
  row: FaxRow,
  messageIds: readonly string[],
  { users, clock }: Pick<CloseParts, 'users' | 'clock'>,
): Promise<void> {
  const { faxIds, faxesDone } = await users.read(row.userKey);
  const added = messageIds.filter((id) => !faxIds.includes(id));
  if (added.length > 0 || faxesDone < row.ticket) {
    const kept = { faxIds: [...faxIds, ...added].slice(-keptIds), faxesDone: Math.max(faxesDone, row.ticket) };
    await users.rememberFaxes(row.userKey, kept, clock.nowMs());
  }
}

/** Logs a given-up fax. This is the last step, so that it happens even when a container dies. */
export function reportGivenUp(row: FaxRow, end: FaxEnd, { log, metrics }: Pick<CloseParts, 'log' | 'metrics'>): void {
  if (end.reason === 'by_hand') return;
  metrics.add('FaxesGivenUp');
  log.error('a fax was given up', {
    fax: row.id,
    reason: end.reason,
    ...(end.reason === 'refused' && { code: end.code, ...end.detail }),
  });
}
