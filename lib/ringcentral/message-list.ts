import { asArray, asId, asObject, asText, type Json } from '../domain/untrusted.ts';
import { readAllPages } from './pages.ts';
import type { UserApi } from './user-api.ts';

const path = '/restapi/v1.0/account/~/extension/~/message-store';

/** A fax of the user in RingCentral's message list, sent by any program. */
export interface ListedFax {
  /** Undefined when it is missing. */
  readonly id: string | undefined;
  /** Epoch milliseconds by RingCentral's clock. Undefined when it is missing or unreadable. */
  readonly createdAtMs: number | undefined;
  /** Recipients' numbers, in RingCentral's format; empty for a recipient without a number. */
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
 * LegacyFailure unless all pages were read. No record is left out, because it may be the one searched for.
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
    isWhole: true,
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
  const createdAtMs = Date.parse(asText(record['creationTime']) ?? '');
  return {
    id: asId(record['id']),
    createdAtMs: Number.isFinite(createdAtMs) ? createdAtMs : undefined,
    numbers: asArray(record['to']).map((to) => asText(asObject(to)?.['phoneNumber']) ?? ''),
    status: asText(record['messageStatus']),
  };
}
