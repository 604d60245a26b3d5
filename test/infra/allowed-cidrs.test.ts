import { accessFor, type Access } from '../../infra/allowed-cidrs.ts';
import type { Value } from '../../infra/cloudformation.ts';
import { isAllowed } from './resource-policy.ts';

const at = (stage: string, allowOpenAccess?: unknown) => ({
  stage,
  ...(allowOpenAccess === undefined ? {} : { allowOpenAccess }),
});
const policyOf = ({ resourcePolicy }: Access): Value => ({ Version: '2012-10-17', Statement: resourcePolicy });
const from = (sourceIp: string) => ({ sourceIp, route: 'prod/GET/ringout.asp' });

describe('an address list', () => {
  test.each([
    ['a YAML list', ['203.0.113.0/24', '2001:db8::/32']],
    ['one text from the command line', '203.0.113.0/24,2001:db8::/32'],
    ['blanks around the commas', ' 203.0.113.0/24 , 2001:db8::/32 '],
    ['a range written twice', ['203.0.113.0/24', '2001:db8::/32', '203.0.113.0/24']],
  ])('is accepted as %s', (_, allowedCidrs) => {
    const who = { Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
    const cidrs = { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/32'] };
    expect(accessFor(allowedCidrs, at('prod'))).toEqual({
      resourcePolicy: [
        { Effect: 'Allow', ...who, Condition: { IpAddress: cidrs } },
        { Effect: 'Deny', ...who, Condition: { NotIpAddress: cidrs } },
      ],
      ipAddressType: 'dualstack',
    });
  });

  test.each([
    '203.0.113.7/32',
    '192.0.2.0/24',
    '198.51.100.0/24',
    '8.0.0.0/8',
    '172.32.0.0/12',
    '192.169.0.0/16',
    '100.128.0.0/10',
  ])('listens on IPv4 only for %s', (cidr) => {
    expect(accessFor(cidr, at('prod')).ipAddressType).toBe('ipv4');
  });

  test.each(['2001:db8::/32', '2600::/16', '2001:db8:0:1:2:3:4:5/128', '::1.2.3.4/128'])(
    'listens on IPv6 too for %s',
    (cidr) => {
      expect(accessFor(`203.0.113.0/24,${cidr}`, at('prod')).ipAddressType).toBe('dualstack');
    },
  );
});

describe('packaging stops and says what to set and where', () => {
  test.each([
    ['no list', null, 'No allowedCidrs for stage "prod"'],
    ['an empty list', [], 'No allowedCidrs for stage "prod"'],
    ['an empty text', '', 'No allowedCidrs for stage "prod"'],
    ['an object', { a: 1 }, 'neither a list of ranges nor'],
    ['a list of numbers', [24], 'neither a list of ranges nor'],
    ['an empty entry', '203.0.113.0/24,', '(empty) is not an IPv4 or IPv6 range'],
    ['a name', 'example.com/24', 'example.com/24 is not an IPv4 or IPv6 range'],
    [
      'an address without a prefix',
      '203.0.113.7',
      '203.0.113.7 has no prefix length (for one address write 203.0.113.7/32)',
    ],
    ['a byte above 255', '203.0.256.0/24', '203.0.256.0/24 is not an IPv4 or IPv6 range'],
    ['three bytes', '203.0.113/24', '203.0.113/24 is not an IPv4 or IPv6 range'],
    ['leading zeros', '203.000.113.0/24', '203.000.113.0/24 is not an IPv4 or IPv6 range'],
    ['a prefix that is too long', '203.0.113.0/33', '203.0.113.0/33 needs one prefix length from 0 to 32'],
    ['a prefix that is not a number', '203.0.113.0/x', '203.0.113.0/x needs one prefix length'],
    ['an empty prefix', '203.0.113.0/', '203.0.113.0/ needs one prefix length'],
    ['two prefixes', '203.0.113.0/24/24', '203.0.113.0/24/24 needs one prefix length'],
    ['host bits', '203.0.113.7/24', '203.0.113.7/24 has bits set behind its first 24'],
    ['IPv6 host bits', '2001:db8::1/32', '2001:db8::1/32 has bits set behind its first 32'],
    ['an IPv6 zone', 'fe80::1%eth0/128', 'fe80::1%eth0/128 is not an IPv4 or IPv6 range'],
    ['everybody on IPv4', '0.0.0.0/0', '0.0.0.0/0 lets in everybody on IPv4'],
    ['everybody on IPv6', '::/0', '::/0 lets in everybody on IPv6'],
    ['half of IPv4 twice', '0.0.0.0/1,128.0.0.0/1', '128.0.0.0/1 lets in a large part of IPv4'],
    ['a prefix shorter than /8', '8.0.0.0/7', '8.0.0.0/7 lets in a large part of IPv4'],
    ['an IPv6 prefix shorter than /16', '2000::/15', '2000::/15 lets in a large part of IPv6'],
    ['private addresses (10/8)', '10.1.0.0/16', '10.1.0.0/16 is a private range'],
    ['private addresses (172.16/12)', '172.31.255.0/24', '172.31.255.0/24 is a private range'],
    ['private addresses (192.168/16)', '192.168.1.10/32', '192.168.1.10/32 is a private range'],
    ['private addresses (fc00::/7)', 'fd12:3456::/32', 'fd12:3456::/32 is a private range'],
    ["a carrier's addresses", '100.64.0.0/10', "100.64.0.0/10 is a carrier's private range"],
    ['loopback', '127.0.0.1/32', '127.0.0.1/32 is loopback'],
    ['link-local addresses', 'fe80::/64', 'fe80::/64 is a link-local range'],
    ['IPv4 in IPv6 notation', '::ffff:203.0.113.0/120', '::ffff:203.0.113.0/120 is IPv4 written as IPv6'],
    [
      'too many wide ranges',
      Array.from({ length: 17 }, (_, n) => `${n + 11}.0.0.0/8`),
      'together let in more than sixteen networks of /8',
    ],
    [
      'more than the quota',
      Array.from({ length: 250 }, (_, n) => `203.0.113.${n}/32`),
      'AWS allows 8192. Join neighbouring ranges.',
    ],
  ])('for %s', (_, allowedCidrs, reason) => {
    const refused = (): Access => accessFor(allowedCidrs, at('prod'));
    expect(refused).toThrow(reason);
    expect(refused).toThrow('in infra/params.local.yml');
    expect(refused).toThrow('--param="allowedCidrs=203.0.113.0/24,2001:db8::/32"');
  });

  test('for every mistake at once', () => {
    const refused = (): Access => accessFor('10.0.0.0/8,nonsense', at('prod'));
    expect(refused).toThrow('10.0.0.0/8 is a private range');
    expect(refused).toThrow('nonsense is not');
  });
});

describe('an open list', () => {
  test.each(['0.0.0.0/0', '0.0.0.0/0,::/0', '0.0.0.0/1,128.0.0.0/1'])('%s needs the explicit opt-in', (open) => {
    expect(() => accessFor(open, at('prod'))).toThrow('allowOpenAccess is yes-anyone-may-call');
    expect(isAllowed(policyOf(accessFor(open, at('prod', 'yes-anyone-may-call'))), from('198.51.100.9'))).toBe(true);
  });

  test.each(['yes', true, 'true', 'Yes-anyone-may-call'])('is not allowed with the opt-in %p', (allowOpenAccess) => {
    expect(() => accessFor('0.0.0.0/0', at('prod', allowOpenAccess))).toThrow('exactly yes-anyone-may-call');
  });

  test('cannot be left out, even with the opt-in', () => {
    expect(() => accessFor([], at('prod', 'yes-anyone-may-call'))).toThrow('No allowedCidrs');
  });
});

describe('the stage local', () => {
  test('is fixed to loopback', () => {
    const access = accessFor(['127.0.0.1/32', '::1/128'], at('local'));
    expect(access.ipAddressType).toBe('ipv4');
    expect(isAllowed(policyOf(access), from('127.0.0.1'))).toBe(true);
    expect(isAllowed(policyOf(access), from('203.0.113.7'))).toBe(false);
  });

  test.each(['203.0.113.0/24', '127.0.0.1/32', '127.0.0.1/32,0.0.0.0/0'])('refuses %s', (cidrs) => {
    expect(() => accessFor(cidrs, at('local', 'yes-anyone-may-call'))).toThrow('fixed to loopback');
  });
});

describe('every request', () => {
  const policy = policyOf(accessFor('203.0.113.64/26,198.51.100.9/32,2001:db8:10::/44', at('prod')));

  test.each([
    ['203.0.113.63', false],
    ['203.0.113.64', true],
    ['203.0.113.127', true],
    ['203.0.113.128', false],
    ['198.51.100.8', false],
    ['198.51.100.9', true],
    ['198.51.100.10', false],
    ['192.0.2.1', false],
    ['2001:db8:f:ffff:ffff:ffff:ffff:ffff', false],
    ['2001:db8:10::', true],
    ['2001:db8:1f:ffff:ffff:ffff:ffff:ffff', true],
    ['2001:db8:20::', false],
    ['::1', false],
    ['0.0.0.0', false],
  ])('from %s is allowed: %p', (sourceIp, allowed) => {
    for (const route of ['prod/GET/ringout.asp', 'prod/POST/faxapi.asp', 'dev/PUT/any/thing', 'prod/GET/']) {
      expect(isAllowed(policy, { sourceIp, route })).toBe(allowed);
    }
  });

  test.each([0, 1])('from outside is refused by statement %i alone', (index) => {
    const { Statement } = policy as { Statement: readonly Value[] };
    expect(isAllowed({ Version: '2012-10-17', Statement: [Statement[index] ?? null] }, from('192.0.2.1'))).toBe(false);
  });
});
