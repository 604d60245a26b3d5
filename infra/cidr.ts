import { isIPv4, isIPv6 } from 'node:net';

type Version = 4 | 6;

/** A range of addresses: a number and the count of its fixed leading bits. */
export interface CidrRange {
  readonly version: Version;
  readonly network: bigint;
  readonly prefix: number;
}

/** The mistake in a text, as the end of a sentence that begins with the text. */
export interface CidrMistake {
  readonly mistake: string;
}

const bitsOf: Readonly<Record<Version, number>> = { 4: 32, 6: 128 };

/** Parses a range in CIDR notation, such as `203.0.113.0/24` or `2001:db8::/32`. */
export function parseCidr(text: string): CidrRange | CidrMistake {
  const [address = '', prefixText, ...rest] = text.split('/');
  const version = versionOf(address);
  if (version === undefined) return { mistake: 'is not an IPv4 or IPv6 range like 203.0.113.0/24 or 2001:db8::/32' };
  const bits = bitsOf[version];
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
  return { version, network: value, prefix };
}

/** Whether every address of the inner range is in the outer one. */
export function isWithin(inner: CidrRange, outer: CidrRange): boolean {
  if (inner.version !== outer.version || inner.prefix < outer.prefix) return false;
  const hostBits = BigInt(bitsOf[outer.version] - outer.prefix);
  return inner.network >> hostBits === outer.network >> hostBits;
}

export function addressCount({ version, prefix }: CidrRange): bigint {
  return 1n << BigInt(bitsOf[version] - prefix);
}

function versionOf(address: string): Version | undefined {
  if (isIPv4(address)) return 4;
  return isIPv6(address) && !address.includes('%') ? 6 : undefined;
}

function ipv4Value(address: string): bigint {
  return address.split('.').reduce((value, byte) => (value << 8n) + BigInt(byte), 0n);
}

function ipv6Value(address: string): bigint {
  const [head = [], tail] = withoutDots(address)
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':')));
  const all = tail === undefined ? head : [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return all.reduce((value, group) => (value << 16n) + BigInt(`0x${group}`), 0n);
}

/** A dotted IPv4 tail replaces the last two groups. */
function withoutDots(address: string): string {
  const start = address.lastIndexOf(':') + 1;
  const tail = address.slice(start);
  if (!tail.includes('.')) return address;
  const value = ipv4Value(tail);
  return `${address.slice(0, start)}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}
