const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a URL points to this computer. */
export function isLoopbackUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && loopbackHosts.has(url.hostname);
}

/**
 * Returns the base URL for legacy programs, without a trailing slash and without the path of a program's own request
 * such as `/ringout.asp`. Returns undefined for a text that is not a URL, for a URL with user, query or fragment, and
 * for one that would send passwords unencrypted over a network.
 */
export function readBaseUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return undefined;
  }
  if (url.protocol !== 'https:' && !isLoopbackUrl(text)) return undefined;
  return `${url.origin}${url.pathname}`.replace(/\/(?:ringout|faxapi|faxout)\.asp\/?$/i, '').replace(/\/+$/, '');
}
