import { BlockList, isIP, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isWithin, parseCidr, type CidrRange } from '../cidr.ts';
import { StartFailure } from './start-failure.ts';

/** Address ranges of private networks. Any other range would expose a server without TLS to the internet. */
const ownNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', 'fc00::/7'];

/** Throws a {@link StartFailure} for a text that is not a range of a private network. */
export function refuseForeignRange(text: string): void {
  const range = parseCidr(text);
  if ('mistake' in range) throw new StartFailure(`--lan ${text} ${range.mistake}.`);
  if (!ownNetworks.some((own) => isIn(range, own))) {
    throw new StartFailure(
      `--lan ${text} is not in a network of your own (${ownNetworks.join(', ')}): npm start speaks http without encryption.`,
    );
  }
}

function isIn(range: CidrRange, own: string): boolean {
  const outer = parseCidr(own);
  return !('mistake' in outer) && isWithin(range, outer);
}

/** Whether an address is in one of the ranges, by the same rule as a resource policy. */
export function isInRanges(address: string, cidrs: readonly string[]): boolean {
  if (isIP(address) === 0) return false;
  const ranges = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', prefix = ''] = cidr.split('/');
    ranges.addSubnet(network, Number(prefix), familyOf(network));
  }
  return ranges.check(address, familyOf(address));
}

/** Returns the addresses of this computer that are in one of the ranges. */
export function ownAddressesIn(cidrs: readonly string[]): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address)
    .filter((address) => isInRanges(address, cidrs));
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6');
