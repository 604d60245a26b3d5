import { LegacyFailure } from '../domain/failure.ts';
import type { RouteName } from '../domain/throttle.ts';
import { asArray, asNumber, asObject, type Json } from '../domain/untrusted.ts';
import type { UserApi } from './user-api.ts';

/** RingCentral's largest page; one page holds every list in practice. */
const perPage = 1000;

/** A bound, so that an answer that always names a next page cannot keep a request going. */
const maxPages = 50;

/**
 * The records of a paged list, over all pages, in RingCentral's order; what is no object among them is left out. One
 * request per page. Throws LegacyFailure, `upstream_answer` for an answer that is no list.
 */
export async function readAllPages(api: UserApi, route: RouteName, path: string): Promise<readonly Json[]> {
  const records: Json[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const json = await api.perform({ route, method: 'GET', path, query: { page, perPage }, read: readPage });
    for (const record of asArray(json['records']).map(asObject)) {
      if (record !== undefined) records.push(record);
    }
    if (!hasNextPage(json, page)) return records;
  }
  throw new LegacyFailure('upstream_answer', { note: `more than ${maxPages} pages` });
}

function readPage(json: unknown): Json | undefined {
  const page = asObject(json);
  return Array.isArray(page?.['records']) ? page : undefined;
}

/** The reference names both: a link that is absent on the last page, and totals that may be missing. */
function hasNextPage(json: Json, page: number): boolean {
  const next = asObject(asObject(json['navigation'])?.['nextPage']);
  const totalPages = asNumber(asObject(json['paging'])?.['totalPages']);
  return totalPages === undefined ? next !== undefined : page < totalPages;
}
