import { LegacyFailure } from '../domain/failure.ts';
import { asArray, asId, asObject, asText, type Json } from '../domain/untrusted.ts';
import { readAllPages } from './pages.ts';
import type { UserApi } from './user-api.ts';

const path = '/restapi/v1.0/account/~/extension/~/message-store';

/** A fax of the user in RingCentral's message list, sent by any program. */
export interface ListedFax {
  readonly id: string;
  /** Epoch milliseconds by RingCentral's clock. */
  readonly createdAtMs: number;
  /** Recipients' numbers, in RingCentral's format. */
  readonly numbers: readonly string[];
  /** Status of the whole message, such as Queued, Sent or SendingFailed. */
  readonly status: string | undefined;
}

/** A user's outgoing faxes of a time span. */
export interface FaxList {
  readonly faxes: readonly ListedFax[];
  /** RingCentral's clock minus ours, in milliseconds. The `Date` header has a resolution of a second. */
  readonly clockAheadMs: number;
}

/**
 * Reads all outgoing faxes of a time span (epoch milliseconds by our clock), including deleted ones. Throws
 * LegacyFailure unless all pages were read. Throws `upstream_answer` also for an unreadable record, which may be the
 * one searched for.
 *
 * @param nowMs returns our time, to calculate the difference of the clocks
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

/** Smaller differences are ignored: a `Date` header has whole seconds, and takes a moment to arrive. */
const headerStepMs = 2000;

function readRecord(record: Json): ListedFax {
  const id = asId(record['id']);
  const createdAtMs = Date.parse(asText(record['creationTime']) ?? '');
  if (id === undefined || !Number.isFinite(createdAtMs)) {
    throw new LegacyFailure('upstream_answer', { hint: 'a message without id or time' });
  }
  const numbers = asArray(record['to']).flatMap((to) => asText(asObject(to)?.['phoneNumber']) ?? []);
  return { id, createdAtMs, numbers, status: asText(record['messageStatus']) };
}
