import { addressCount, isWithin, parseCidr, type CidrRange } from './cidr.ts';
import type { Value } from './cloudformation.ts';
import { ParameterError } from './parameter-error.ts';
import type { ResolverContext } from './resolver.ts';

/*
 * Turns the parameter allowedCidrs into the API's resource policy, or stops packaging.
 *
 * Nothing else keeps the internet from placing calls at the customer's expense. The CLI packages an API without a
 * policy as an open one. Therefore every doubtful value is an error that says what to set and where.
 */

/** The API's resource policy and its endpoint's address type. API Gateway listens on IPv4 only by default. */
export interface Access {
  readonly resourcePolicy: readonly Value[];
  readonly ipAddressType: 'ipv4' | 'dualstack';
}

export interface AccessSettings {
  readonly stage: string;
  /** Lifts the width limits only when it is exactly `yes-anyone-may-call`. */
  readonly allowOpenAccess?: unknown;
}

interface ListedRange extends CidrRange {
  readonly text: string;
}

const openAccess = 'yes-anyone-may-call';
/** Ranges that may call the stack of `npm start`. */
export const loopbackCidrs: readonly string[] = ['127.0.0.1/32', '::1/128'];

/** Ranges that no caller of a public API can have. Excludes the documentation ranges, which examples and CI use. */
const neverPublic = (
  [
    ['10.0.0.0/8', 'a private range'],
    ['172.16.0.0/12', 'a private range'],
    ['192.168.0.0/16', 'a private range'],
    ['fc00::/7', 'a private range'],
    ['100.64.0.0/10', "a carrier's private range"],
    ['127.0.0.0/8', 'loopback'],
    ['::1/128', 'loopback'],
    ['169.254.0.0/16', 'a link-local range'],
    ['fe80::/10', 'a link-local range'],
    ['0.0.0.0/8', 'not a range of addresses anybody has'],
    ['224.0.0.0/3', 'a multicast or reserved range'],
    ['ff00::/8', 'a multicast range'],
    ['::ffff:0:0/96', 'IPv4 written as IPv6 (write it as IPv4)'],
  ] as const
).map(([text, what]) => ({ range: rangeOf(text), what }));

const shortestPrefix = { 4: 8, 6: 16 } as const;
/** At most sixteen ranges of the greatest allowed width, because many allowed ranges also add up to a wide list. */
const mostAddresses = { 4: 1n << 28n, 6: 1n << 116n } as const;

// AWS documentation, API Gateway quotas: "Resource policy size: 8,192 characters". API Gateway expands the short
// resource when it saves the policy, so the longest expansion is measured.
const policyQuota = 8192;
const longestResource = 'arn:aws-us-gov:execute-api:ap-southeast-1:123456789012:a1b2c3d4e5/*';

const whatToDo = `
Set allowedCidrs to the public addresses your legacy programs call from, as ranges:
  in infra/params.local.yml   prod:
                                allowedCidrs: [203.0.113.0/24, "2001:db8::/32"]
  or on the command line      npm run deploy -- --stage prod --param="allowedCidrs=203.0.113.0/24,2001:db8::/32"
                              npm run package -- --stage prod --param="allowedCidrs=203.0.113.0/24,2001:db8::/32"
`;

/**
 * Returns the resource policy of an address list, which is a YAML list or one comma-separated text from the command
 * line. Throws a {@link ParameterError} that names every mistake at once.
 */
export function accessFor(allowedCidrs: unknown, { stage, allowOpenAccess = '' }: AccessSettings): Access {
  const texts = textsOf(allowedCidrs);
  if (texts === undefined) throw refusal(['allowedCidrs is neither a list of ranges nor a comma-separated text.']);
  if (texts.length === 0) throw refusal([`No allowedCidrs for stage "${stage}": who may call is not decided.`]);
  if (stage === 'local') return localAccess(texts);
  if (allowOpenAccess !== '' && allowOpenAccess !== openAccess) {
    throw refusal([`allowOpenAccess is either empty or exactly ${openAccess}.`]);
  }

  const ranges = readRanges(texts, allowOpenAccess === openAccess);
  const resourcePolicy = statements(texts);
  const characters = JSON.stringify({ Version: '2012-10-17', Statement: resourcePolicy }).replaceAll(
    'execute-api:/*',
    longestResource,
  ).length;
  if (characters > policyQuota) {
    throw refusal([
      `${texts.length} ranges make a resource policy of ${characters} characters; AWS allows ${policyQuota}. ` +
        'Join neighbouring ranges.',
    ]);
  }
  return { resourcePolicy, ipAddressType: ranges.some(({ version }) => version === 6) ? 'dualstack' : 'ipv4' };
}

function textsOf(allowedCidrs: unknown): readonly string[] | undefined {
  if (allowedCidrs === null || allowedCidrs === undefined || allowedCidrs === '') return [];
  const texts: unknown = typeof allowedCidrs === 'string' ? allowedCidrs.split(',') : allowedCidrs;
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) return undefined;
  return [...new Set(texts.map((text) => text.trim()))];
}

function readRanges(texts: readonly string[], isOpen: boolean): readonly ListedRange[] {
  const ranges: ListedRange[] = [];
  const mistakes: string[] = [];
  for (const text of texts) {
    const range = parseCidr(text);
    const mistake = 'mistake' in range ? range.mistake : mistakeOf(range, isOpen);
    if (mistake !== undefined) mistakes.push(`${text || '(empty)'} ${mistake}.`);
    else if ('network' in range) ranges.push({ text, ...range });
  }
  if (mistakes.length === 0 && !isOpen) mistakes.push(...widthMistakes(ranges));
  if (mistakes.length > 0) throw refusal(mistakes);
  return ranges;
}

function mistakeOf(range: CidrRange, isOpen: boolean): string | undefined {
  const shortest = shortestPrefix[range.version];
  if (!isOpen && range.prefix < shortest) {
    const admitted = range.prefix === 0 ? `everybody on IPv${range.version}` : `a large part of IPv${range.version}`;
    return `lets in ${admitted}: the prefix must be /${shortest} or longer, unless allowOpenAccess is ${openAccess}`;
  }
  const never = neverPublic.find(({ range: outer }) => isWithin(range, outer));
  return never === undefined ? undefined : `is ${never.what}: no caller of a public API has such an address`;
}

function widthMistakes(ranges: readonly CidrRange[]): readonly string[] {
  return ([4, 6] as const)
    .filter((version) => {
      const listed = ranges.filter((range) => range.version === version);
      return listed.reduce((sum, range) => sum + addressCount(range), 0n) > mostAddresses[version];
    })
    .map(
      (version) =>
        `The IPv${version} ranges together let in more than sixteen networks of /${shortestPrefix[version]}.`,
    );
}

function localAccess(texts: readonly string[]): Access {
  if (texts.length !== loopbackCidrs.length || texts.some((text) => !loopbackCidrs.includes(text))) {
    throw new ParameterError(
      `allowedCidrs of the stage "local" is fixed to loopback (${loopbackCidrs.join(', ')}); choose another stage.`,
    );
  }
  return { resourcePolicy: statements(texts), ipAddressType: 'ipv4' };
}

/** Either statement alone refuses unlisted callers. With both, losing one in an edit does not open the API. */
function statements(cidrs: readonly string[]): readonly Value[] {
  const anyRequest = { Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
  return [
    { Effect: 'Allow', ...anyRequest, Condition: { IpAddress: { 'aws:SourceIp': cidrs } } },
    { Effect: 'Deny', ...anyRequest, Condition: { NotIpAddress: { 'aws:SourceIp': cidrs } } },
  ];
}

/** Parses a range that is a constant in the source code. */
function rangeOf(text: string): CidrRange {
  const range = parseCidr(text);
  if ('mistake' in range) throw new Error(`${text} ${range.mistake}`);
  return range;
}

function refusal(mistakes: readonly string[]): ParameterError {
  return new ParameterError(`${mistakes.join('\n')}\n${whatToDo}`);
}

/** Resolver for `custom` in serverless.yml. */
export async function resolveAccess({ options, resolveVariable }: ResolverContext): Promise<Access> {
  const stage = String(await resolveVariable('sls:stage'));
  // For an empty value, the CLI would only say that its format is unsupported.
  if ((options.param ?? []).some((text) => /^allowedCidrs(=\s*)?$/.test(text))) return accessFor([], { stage });
  return accessFor(await resolveVariable('param:allowedCidrs, null'), {
    stage,
    allowOpenAccess: await resolveVariable("param:allowOpenAccess, ''"),
  });
}
