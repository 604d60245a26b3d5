import { LegacyFailure } from '../domain/failure.ts';
import type { RouteName } from '../domain/throttle.ts';
import { asArray, asNumber, asObject, asText, type Json } from '../domain/untrusted.ts';
import type { UserApi } from './user-api.ts';

/** RingCentral's largest page; one page holds every list in practice. */
const perPage = 1000;

/** A bound, so that an answer that always names a next page cannot keep a request going. */
const maxPages = 50;

/**
 * The records of a paged list, over all pages, in RingCentral's order; what is no object among them is left out. One
 * request per page. Throws LegacyFailure, `upstream_answer` for an answer that is no list.
 *
 * @param reserveMs time kept for what has to happen after the list has been read
 */
export async function readAllPages(
  api: UserApi,
  route: RouteName,
  path: string,
  reserveMs?: number,
): Promise<readonly Json[]> {
  const records: Json[] = [];
  const seen = new Set<string>();
  for (let page = 1; page <= maxPages; page += 1) {
    const json = await api.perform({
      route,
      method: 'GET',
      path,
      query: { page, perPage },
      read: readPage,
      ...(reserveMs === undefined ? {} : { reserveMs }),
    });
    const received = asArray(json['records']).map(asObject);
    const fresh = received.filter((record) => record !== undefined && !seen.has(JSON.stringify(record)));
    for (const record of fresh) {
      if (record === undefined) continue;
      seen.add(JSON.stringify(record));
      records.push(record);
    }
    // A page that was sent before will be sent again, whatever it says about the next one.
    const isRepeated = received.length > 0 && fresh.length === 0;
    if (isRepeated || !hasNextPage(json, page, received.length)) return records;
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
function hasNextPage(json: Json, page: number, received: number): boolean {
  const paging = asObject(json['paging']);
  const count = (name: string): number => Number(asText(paging?.[name]) ?? asNumber(paging?.[name]));
  const totalPages = count('totalPages');
  if (!Number.isNaN(totalPages)) return page < totalPages;
  if (asObject(asObject(json['navigation'])?.['nextPage']) !== undefined) return true;
  return page * (count('perPage') || received) < count('totalElements');
}
