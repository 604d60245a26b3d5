import { LegacyFailure } from '../domain/failure.ts';
import { asArray, asId, asObject, asText, type Json } from '../domain/untrusted.ts';
import { readAllPages } from './pages.ts';
import type { UserApi } from './user-api.ts';

const path = '/restapi/v1.0/account/~/extension/~/message-store';

/** A fax of the user as RingCentral keeps it, from whatever program it came. */
export interface ListedFax {
  readonly id: string;
  /** Epoch milliseconds by RingCentral's clock. */
  readonly createdAtMs: number;
  /** Whom it goes to, as RingCentral writes numbers. */
  readonly numbers: readonly string[];
  /** Of the whole message, such as Queued, Sent or SendingFailed. */
  readonly status: string | undefined;
}

/** The list of a user's outgoing faxes of some time. */
export interface FaxList {
  readonly faxes: readonly ListedFax[];
  /** What RingCentral's clock is ahead of ours, in milliseconds; the header tells it to the second. */
  readonly clockAheadMs: number;
}

/**
 * Reads every outgoing fax of a time span (epoch milliseconds by our clock), deleted ones included. Throws LegacyFailure
 * unless all pages came, `upstream_answer` also for a record that cannot be read: it may be the one that is looked for.
 *
 * @param nowMs tells our own time, for the difference of the clocks
 */
export async function listFaxes(
  api: UserApi,
  span: { readonly fromMs: number; readonly toMs: number },
  nowMs: () => number,
): Promise<FaxList> {
  let clockAheadMs = 0;
  const records = await readAllPages(api, 'message-list', path, {
    query: {
      messageType: 'Fax',
      direction: 'Outbound',
      availability: ['Alive', 'Deleted', 'Purged'],
      dateFrom: new Date(span.fromMs).toISOString(),
      dateTo: new Date(span.toMs).toISOString(),
    },
    onHeaders(headers) {
      const dateMs = Date.parse(headers.get('date') ?? '');
      if (Number.isFinite(dateMs)) clockAheadMs = dateMs - nowMs();
    },
  });
  return { faxes: records.map(readRecord), clockAheadMs: Math.abs(clockAheadMs) < headerStepMs ? 0 : clockAheadMs };
}

/** A date header has whole seconds, and takes a moment to arrive. */
const headerStepMs = 2000;

function readRecord(record: Json): ListedFax {
  const id = asId(record['id']);
  const createdAtMs = Date.parse(asText(record['creationTime']) ?? '');
  if (id === undefined || !Number.isFinite(createdAtMs)) {
    throw new LegacyFailure('upstream_answer', { note: 'a message without id or time' });
  }
  const numbers = asArray(record['to']).flatMap((to) => asText(asObject(to)?.['phoneNumber']) ?? []);
  return { id, createdAtMs, numbers, status: asText(record['messageStatus']) };
}
