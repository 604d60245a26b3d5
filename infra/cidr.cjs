// IP ranges as numbers. Pure; used by allowed-cidrs.cjs.
const { isIPv4, isIPv6 } = require('node:net');

const BITS = { 4: 32, 6: 128 };

/**
 * Reads a range in CIDR notation, such as `203.0.113.0/24` or `2001:db8::/32`.
 *
 * @param {string} text
 * @returns {{text: string, version: 4 | 6, network: bigint, prefix: number} | {mistake: string}} the range, or what
 *   is wrong with the text as the end of a sentence that begins with the text
 */
function parseCidr(text) {
  const [address, prefixText, ...rest] = text.split('/');
  const version = isIPv4(address) ? 4 : isIPv6(address) && !address.includes('%') ? 6 : undefined;
  if (version === undefined) return { mistake: 'is not an IPv4 or IPv6 range like 203.0.113.0/24 or 2001:db8::/32' };
  const bits = BITS[version];
  if (prefixText === undefined) return { mistake: `has no prefix length (for one address write ${address}/${bits})` };
  if (rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(prefixText) || Number(prefixText) > bits) {
    return { mistake: `needs one prefix length from 0 to ${bits} after the slash` };
  }
  const prefix = Number(prefixText);
  const value = version === 4 ? ipv4Value(address) : ipv6Value(address);
  const hostBits = BigInt(bits - prefix);
  if ((value >> hostBits) << hostBits !== value) {
    return { mistake: `has bits set behind its first ${prefix}: write the network's first address` };
  }
  return { text, version, network: value, prefix };
}

/** True if every address of the inner range is in the outer one. */
function isWithin(inner, outer) {
  if (inner.version !== outer.version || inner.prefix < outer.prefix) return false;
  const hostBits = BigInt(BITS[outer.version] - outer.prefix);
  return inner.network >> hostBits === outer.network >> hostBits;
}

/** How many addresses a range has. */
function addressCount({ version, prefix }) {
  return 1n << BigInt(BITS[version] - prefix);
}

function ipv4Value(address) {
  return address.split('.').reduce((value, byte) => (value << 8n) + BigInt(byte), 0n);
}

function ipv6Value(address) {
  // A dotted IPv4 tail stands for the last two groups.
  const dotted = /^(.*:)([\d.]+)$/.exec(address);
  const groups = dotted?.[2].includes('.')
    ? `${dotted[1]}${(ipv4Value(dotted[2]) >> 16n).toString(16)}:${(ipv4Value(dotted[2]) & 0xffffn).toString(16)}`
    : address;
  const [head, tail] = groups.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const all = tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail];
  return all.reduce((value, group) => (value << 16n) + BigInt(`0x${group}`), 0n);
}

module.exports = { parseCidr, isWithin, addressCount };
