const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an address is on this computer. */
export function isLoopbackUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && loopbackHosts.has(url.hostname);
}

/**
 * An address that legacy programs may be pointed at, without a slash at its end, and without the path of a program's own
 * request such as `/ringout.asp`; undefined for one that is none or holds more than an address, and for one that would
 * send passwords in the clear over a network.
 */
export function readBaseUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return undefined;
  }
  if (url.protocol !== 'https:' && !isLoopbackUrl(text)) return undefined;
  return `${url.origin}${url.pathname}`.replace(/\/(?:ringout|faxapi|faxout)\.asp\/?$/i, '').replace(/\/+$/, '');
}
