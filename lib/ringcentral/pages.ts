import { isDeepStrictEqual } from 'node:util';
import { LegacyFailure } from '../domain/failure.ts';
import type { RouteName } from '../domain/throttle.ts';
import { asArray, asCount, asObject, type Json } from '../domain/untrusted.ts';
import type { SdkRequest } from './sdk.ts';
import type { UserApi } from './user-api.ts';

/** RingCentral's largest page; one page holds every list in practice. */
const perPage = 1000;

/** A bound, so that an answer that always names a next page cannot keep a request going. */
const maxPages = 50;

/** What is special about one list. */
export interface ListOptions {
  /** Time kept for what has to happen after the list has been read, in milliseconds. */
  readonly reserveMs?: number;
  readonly query?: NonNullable<SdkRequest['query']>;
  /** Gets the headers of each page. */
  readonly onHeaders?: (headers: Pick<Headers, 'get'>) => void;
}

/**
 * The records of a paged list, over all pages, in RingCentral's order; what is no object among them is left out. One
 * request per page. Throws LegacyFailure, `upstream_answer` for an answer that is no list.
 */
export async function readAllPages(
  api: UserApi,
  route: RouteName,
  path: string,
  { reserveMs, query, onHeaders }: ListOptions = {},
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
    const received = listed.map(asObject).filter((record) => record !== undefined);
    // A page that was sent before will be sent again, whatever it says about the next one.
    if (received.length > 0 && isDeepStrictEqual(received, before)) return records;
    records.push(...received);
    if (!hasNextPage(json, page, listed.length)) return records;
    before = received;
  }
  throw new LegacyFailure('upstream_answer', { note: `more than ${maxPages} pages` });
}

function readPage(json: unknown): Json | undefined {
  const page = asObject(json);
  return Array.isArray(page?.['records']) ? page : undefined;
}

/**
 * The reference names three signs, any of which may be missing: the number of pages, a link to the next one, and the
 * number of records.
 */
function hasNextPage(json: Json, page: number, listed: number): boolean {
  const paging = asObject(json['paging']);
  const totalPages = asCount(paging?.['totalPages']);
  if (totalPages !== undefined) return page < totalPages;
  if (asObject(asObject(json['navigation'])?.['nextPage']) !== undefined) return true;
  // An empty page with a total would be followed by empty pages.
  return listed > 0 && page * (asCount(paging?.['perPage']) || listed) < (asCount(paging?.['totalElements']) ?? 0);
}
