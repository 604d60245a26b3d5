import { isDeepStrictEqual } from 'node:util';
import { LegacyFailure } from '../domain/failure.ts';
import type { RouteName } from '../domain/throttle.ts';
import { asArray, asCount, asObject, type Json } from '../domain/untrusted.ts';
import type { SdkRequest } from './sdk.ts';
import type { UserApi } from './user-api.ts';

/** RingCentral's maximum. In practice one page holds every list. */
const perPage = 1000;

/** Upper limit, in case every answer names a next page. */
const maxPages = 50;

/** Options of one list. */
export interface ListOptions {
  /** Time reserved for the work after reading the list, in milliseconds. */
  readonly reserveMs?: number;
  readonly query?: NonNullable<SdkRequest['query']>;
  /** Whether to throw `upstream_answer` when fewer records come than the list claims to have. */
  readonly isWhole?: boolean;
  /** Called with the headers of each page. */
  readonly onHeaders?: (headers: Pick<Headers, 'get'>) => void;
}

/**
 * Reads the records of all pages of a list, in RingCentral's order. One that is not an object becomes an empty one. One
 * request per page. Throws LegacyFailure: `upstream_answer` for an answer that is not a list.
 */
export async function readAllPages(
  api: UserApi,
  route: RouteName,
  path: string,
  { reserveMs, query, isWhole = false, onHeaders }: ListOptions = {},
): Promise<readonly Json[]> {
  const records: Json[] = [];
  let before: readonly Json[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const json = await api.perform({
      route,
      method: 'GET',
      path,
      query: { ...query, page, perPage },
      read(answer, headers) {
        onHeaders?.(headers);
        return readPage(answer);
      },
      ...(reserveMs === undefined ? {} : { reserveMs }),
    });
    const listed = asArray(json['records']);
    const received = listed.map((record) => asObject(record) ?? {});
    // A repeated page would be repeated endlessly, whatever it says about the next one.
    const isRepeated = received.length > 0 && isDeepStrictEqual(received, before);
    if (!isRepeated) records.push(...received);
    if (isRepeated || !hasNextPage(json, page, listed.length)) {
      const claimed = asCount(asObject(json['paging'])?.['totalElements']) ?? 0;
      if (isWhole && records.length < claimed) throw new LegacyFailure('upstream_answer');
      return records;
    }
    before = received;
  }
  throw new LegacyFailure('upstream_answer', { hint: `more than ${maxPages} pages` });
}

function readPage(json: unknown): Json | undefined {
  const page = asObject(json);
  return Array.isArray(page?.['records']) ? page : undefined;
}

/**
 * The reference names three indicators, any of which may be missing: the number of pages, a link to the next page, and
 * the number of records.
 */
function hasNextPage(json: Json, page: number, listed: number): boolean {
  const paging = asObject(json['paging']);
  const totalPages = asCount(paging?.['totalPages']);
  if (totalPages !== undefined) return page < totalPages;
  if (asObject(asObject(json['navigation'])?.['nextPage']) !== undefined) return true;
  // After an empty page all further pages are empty, whatever the total.
  return listed > 0 && page * (asCount(paging?.['perPage']) || listed) < (asCount(paging?.['totalElements']) ?? 0);
}
