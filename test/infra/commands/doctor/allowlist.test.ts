import { checkAllowlist } from '../../../../infra/commands/doctor/allowlist.ts';

const who = {
  Principal: '*',
  Action: 'execute-api:Invoke',
  Resource: 'arn:aws:execute-api:us-east-1:123456789012:a1/*',
};
const allow = (ranges: string | readonly string[]) => ({
  Effect: 'Allow',
  ...who,
  Condition: { IpAddress: { 'aws:SourceIp': ranges } },
});
const deny = (ranges: string | readonly string[]) => ({
  Effect: 'Deny',
  ...who,
  Condition: { NotIpAddress: { 'aws:SourceIp': ranges } },
});
const allowAll = { Effect: 'Allow', ...who };
const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
/** A policy as get-rest-api returns it. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

const ranges = ['203.0.113.0/24', '2001:db8::/32'];

test.each([
  ['as it was deployed', policy(allow(ranges), deny(ranges)), '2 ranges, everybody else is refused'],
  ['escaped once more', escaped(policy(allow(ranges), deny(ranges))), '2 ranges, everybody else is refused'],
  [
    'of one range as text',
    policy(allow('203.0.113.7/32'), deny('203.0.113.7/32')),
    '1 range, everybody else is refused',
  ],
])('a policy %s passes', (_, text, detail) => {
  expect(checkAllowlist(text, 'prod')).toEqual({ name: 'allowlist', outcome: 'ok', detail });
});

test.each([
  ['no policy', undefined, 'there is no resource policy: anybody may call'],
  ['an empty policy', '', 'there is no resource policy: anybody may call'],
  ['an unreadable policy', 'nonsense', 'the resource policy cannot be read'],
  ['a statement for everybody', policy(allowAll), 'a statement lets in every address'],
  [
    'the range of all IPv4 addresses',
    policy(allow(['0.0.0.0/0']), deny(['0.0.0.0/0'])),
    '0.0.0.0/0 lets in everybody on IPv4: the prefix must be /8 or longer, unless allowOpenAccess is yes-anyone-may-call.',
  ],
  [
    'the range of half of IPv4',
    policy(allow(['128.0.0.0/1']), deny(['128.0.0.0/1'])),
    '128.0.0.0/1 lets in a large part of IPv4: the prefix must be /8 or longer, unless allowOpenAccess is yes-anyone-may-call.',
  ],
  ['the Allow alone', policy(allow(ranges)), 'one of its two statements is not as deployed'],
  [
    'an Allow for everybody and the Deny',
    policy(allowAll, deny(ranges)),
    'one of its two statements is not as deployed',
  ],
  ['the Deny alone', policy(deny(ranges)), 'one of its two statements is not as deployed'],
  [
    'a wide range added to the Allow',
    policy(allow([...ranges, '::/0']), deny(ranges)),
    expect.stringMatching(/^::\/0 lets in/),
  ],
  ['no range at all', policy(), expect.stringMatching(/^No allowedCidrs/)],
])('%s fails', (_, text, detail) => {
  expect(checkAllowlist(text, 'prod')).toEqual({
    name: 'allowlist',
    outcome: 'failed',
    detail,
    remedy: expect.stringMatching(/deploy again/),
  });
});
