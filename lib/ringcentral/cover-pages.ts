import type { Log } from '../domain/ports.ts';
import { LegacyFailure } from '../domain/failure.ts';
import type { CoverPage } from '../domain/fax.ts';
import { asCount, asText } from '../domain/untrusted.ts';
import type { UserApi } from './user-api.ts';
import { readAllPages } from './pages.ts';

const path = '/restapi/v1.0/dictionary/fax-cover-page';

/** Cached per user for an hour: pages rarely change, and depend on the user's language. */
const keptMs = 3_600_000;

/**
 * Part of the request's time reserved for sending the fax, in milliseconds: the document matters more than its cover.
 */
const faxReserveMs = 18_000;

/**
 * Returns the `coverIndex` of a cover page, or undefined for the user's default. Does not throw when the page is not
 * found.
 */
export type ResolveCover = (api: UserApi, cover: CoverPage, nowMs: number, log: Log) => Promise<number | undefined>;

export function createCoverPages(): ResolveCover {
  const known = new Map<string, { readonly atMs: number; readonly pages: ReadonlyMap<string, number> }>();

  async function pagesOf(api: UserApi, nowMs: number): Promise<ReadonlyMap<string, number>> {
    const kept = known.get(api.user.key);
    if (kept !== undefined && nowMs - kept.atMs < keptMs) return kept.pages;
    const pages = new Map<string, number>();
    for (const { name: written, id } of await readAllPages(api, 'cover-page', path, { reserveMs: faxReserveMs })) {
      const name = asText(written);
      // The id is text in the dictionary, but a number in the fax request.
      const index = asCount(id);
      if (name === undefined || index === undefined || !Number.isInteger(index)) continue;
      pages.set(name.toLowerCase(), index);
      pages.set(String(index), index);
    }
    known.set(api.user.key, { atMs: nowMs, pages });
    return pages;
  }

  return async (api, cover, nowMs, log) => {
    switch (cover.kind) {
      case 'default':
        return undefined;
      case 'index':
        return cover.index;
      case 'named': {
        try {
          const index = (await pagesOf(api, nowMs)).get(cover.name.toLowerCase());
          if (index === undefined) log.warn('no such cover page, using the default of the user');
          return index;
        } catch (error) {
          if (!(error instanceof LegacyFailure)) throw error;
          log.warn('cover pages could not be read, using the default of the user', { code: error.code });
          return undefined;
        }
      }
    }
  };
}
