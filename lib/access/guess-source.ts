/** Groups of 16 bits in the IPv6 network that one customer (one computer or household) gets. */
const networkGroups = 4;

/**
 * Returns the source under which guesses are counted: an IPv4 address, or the /64 network of an IPv6 address. A machine
 * may choose its address freely within its /64 network (RFC 4862). All text that is not an address counts as one
 * source, `unknown`.
 *
 * @param address the caller's address as API Gateway names it, without a port
 */
export function guessSource(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return address;
  // The URL parser reads every spelling of an IPv6 address and writes them all in one form.
  const url = `http://[${address}]`;
  if (!/^[\da-f:.]{2,45}$/i.test(address) || !URL.canParse(url)) return 'unknown';
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::');
  const groupsOf = (part: string | undefined): readonly string[] => (part ?? '').split(':').filter(Boolean);
  const zeros = Array<string>(8 - groupsOf(head).length - groupsOf(tail).length).fill('0');
  const groups = [...groupsOf(head), ...zeros, ...groupsOf(tail)];
  return `${groups.slice(0, networkGroups).join(':')}::/64`;
}
