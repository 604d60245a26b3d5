import { parseWebOrigin } from '../domain/web-origin.ts';

/** What a browser says of the page that makes a request. A page cannot change any of it; a program sends none of it. */
export interface WebPage {
  /** `Sec-Fetch-Site` (W3C Fetch Metadata): `cross-site`, `same-site`, `same-origin`, or `none` without a page. */
  readonly site: string | undefined;
  /** `Origin`, which old browsers send too, but not with every GET. */
  readonly origin: string | undefined;
  readonly referer: string | undefined;
  /** The names this service was called by, from `Host` and from API Gateway, with or without a port. */
  readonly ownHosts: readonly string[];
}

/**
 * Whether a page of another site makes the request, and is none of the allowed ones. `Sec-Fetch-Site` decides where it is
 * sent; otherwise an `Origin` whose host is not the service's own does, whatever the port. `Origin: null` hides the page
 * and is always of another site. No header of the three: a program, which is of no site.
 *
 * @param allowedOrigins as {@link parseWebOrigin} returns them
 */
export function isOfOtherSite(page: WebPage, allowedOrigins: ReadonlySet<string>): boolean {
  if (page.origin?.toLowerCase() === 'null') return true;
  const named = originOf(page);
  if (named !== undefined && allowedOrigins.has(named)) return false;
  switch (page.site?.toLowerCase()) {
    case 'cross-site':
      return true;
    case 'same-site':
    case 'same-origin':
    case 'none':
      return false;
    case undefined:
    default:
      return page.origin !== undefined && !isOwnHost(page.origin, page.ownHosts);
  }
}

/**
 * The origin of the page. A link or a frame sends no `Origin`, so the `Referer` names the page then.
 *
 * @returns undefined if neither header holds an http or https address
 */
export function originOf({ origin, referer }: WebPage): string | undefined {
  if (origin !== undefined) return parseWebOrigin(origin);
  const address = referer === undefined ? null : URL.parse(referer);
  return address === null ? undefined : parseWebOrigin(address.origin);
}

function isOwnHost(origin: string, ownHosts: readonly string[]): boolean {
  const host = URL.parse(origin)?.hostname ?? '';
  return host !== '' && ownHosts.some((own) => URL.parse(`http://${own}`)?.hostname === host);
}
