/** Addresses of one computer or household: an IPv6 network of this many groups of 16 bits is given to one customer. */
const networkGroups = 4;

/**
 * Whose guesses are counted together: an IPv4 address, or the /64 network of an IPv6 address, within which one machine
 * may choose its address freely (RFC 4862). Text that is no address is one source, `unknown`.
 *
 * @param address as API Gateway names the caller's, without a port
 */
export function guessSource(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return address;
  // The URL parser knows every spelling of an IPv6 address, and writes each in the same way.
  const url = `http://[${address}]`;
  if (!/^[\da-f:.]{2,45}$/i.test(address) || !URL.canParse(url)) return 'unknown';
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::');
  const groupsOf = (part: string | undefined): readonly string[] => (part ?? '').split(':').filter(Boolean);
  const zeros = Array<string>(8 - groupsOf(head).length - groupsOf(tail).length).fill('0');
  const groups = [...groupsOf(head), ...zeros, ...groupsOf(tail)];
  return `${groups.slice(0, networkGroups).join(':')}::/64`;
}
