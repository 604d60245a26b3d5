import { parseWebOrigin } from '../domain/web-origin.ts';

/**
 * A browser's headers about the page that sends the request. A page cannot change them; other programs do not send
 * them.
 */
export interface WebPage {
  /** `Sec-Fetch-Site` (W3C Fetch Metadata): `cross-site`, `same-site`, `same-origin`, or `none` without a page. */
  readonly site: string | undefined;
  /** `Origin`, which old browsers send too, but not with every GET. */
  readonly origin: string | undefined;
  readonly referer: string | undefined;
  /** Host names of this service, from `Host` and from API Gateway, with or without a port. */
  readonly ownHosts: readonly string[];
}

/**
 * Whether a page of another site sends the request and is not an allowed one. `Sec-Fetch-Site` decides if it was sent.
 * Otherwise an `Origin` with another host than the service's decides; the port is ignored. `Origin: null` hides the
 * page and always counts as another site. Without these headers the sender is a program, which belongs to no site.
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
 * Returns the origin of the page, from `Origin`. Links and frames do not send it, so `Referer` is the fallback.
 *
 * @returns undefined when neither header has an http or https address
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
