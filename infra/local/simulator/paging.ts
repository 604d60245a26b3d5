import type EnumeratedPagingModel from '@rc-ex/core/definitions/EnumeratedPagingModel';
import type PageNavigationModel from '@rc-ex/core/definitions/PageNavigationModel';
import { invalidParameter, jsonAnswer, type Answer } from './answer.ts';
import type { ApiRequest } from './route.ts';

/** The format of every paged list of RingCentral. */
interface Page {
  readonly uri: string;
  readonly records: readonly object[];
  readonly paging: EnumeratedPagingModel;
  readonly navigation: PageNavigationModel;
}

const defaultPerPage = 100;
/** RingCentral's maximum. */
export const usualMaximumPerPage = 1000;
const maximumPage = 1000;

/**
 * Answers with one page of `all` (RingCentral API reference). `page` counts from 1, and a `perPage` above the maximum
 * is reduced to it. The last page has no `navigation.nextPage`, and an empty page has no element positions.
 */
export function pagedAnswer(request: ApiRequest, path: string, all: readonly object[]): Answer {
  const page = positiveInteger(request.query.get('page'), 1);
  if (page === undefined || page > maximumPage) return invalidParameter('page', request.query.get('page'));
  const wanted = positiveInteger(request.query.get('perPage'), defaultPerPage);
  if (wanted === undefined) return invalidParameter('perPage', request.query.get('perPage'));
  const perPage = Math.min(wanted, request.maximumPerPage);
  const filters = [...request.query].filter(([name]) => name !== 'page' && name !== 'perPage');
  return jsonAnswer(
    200,
    pageOf(all, page, perPage, (number) => ({
      uri: `${request.baseUrl}${path}?${new URLSearchParams([['page', String(number)], ['perPage', String(perPage)], ...filters])}`,
    })),
  );
}

function pageOf(
  all: readonly object[],
  page: number,
  perPage: number,
  pageUri: (number: number) => { uri: string },
): Page {
  const start = (page - 1) * perPage;
  const records = all.slice(start, start + perPage);
  const totalPages = Math.max(1, Math.ceil(all.length / perPage));
  return {
    uri: pageUri(page).uri,
    records,
    paging: {
      page,
      perPage,
      totalPages,
      totalElements: all.length,
      ...(records.length > 0 && { pageStart: start, pageEnd: start + records.length - 1 }),
    },
    navigation: {
      firstPage: pageUri(1),
      ...(page > 1 && { previousPage: pageUri(page - 1) }),
      ...(page < totalPages && { nextPage: pageUri(page + 1) }),
      lastPage: pageUri(totalPages),
    },
  };
}

function positiveInteger(text: string | null, fallback: number): number | undefined {
  if (text === null || text === '') return fallback;
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
