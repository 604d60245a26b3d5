// Turns the parameter allowedCidrs into the API's resource policy, or stops packaging. The list is the only thing
// between the internet and somebody else's telephone bill, and the CLI packages an API without a policy as an open
// one, so everything doubtful here is an error that says what to set and where.
const { addressCount, isWithin, parseCidr } = require('./cidr.cjs');
const { ParameterError } = require('./parameter-error.cjs');

const OPEN_ACCESS = 'yes-anyone-may-call';
const LOOPBACK = ['127.0.0.1/32', '::1/128'];

/** Ranges no caller of a public API can have. Documentation ranges are not among them: examples and CI use those. */
const NEVER_PUBLIC = [
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
].map(([text, what]) => ({ range: parseCidr(text), what }));

const SHORTEST_PREFIX = { 4: 8, 6: 16 };
// Many ranges of allowed width make a wide list too: no more than sixteen of the widest may be listed.
const MOST_ADDRESSES = { 4: 1n << 28n, 6: 1n << 116n };

// AWS documentation, API Gateway quotas: "Resource policy size: 8,192 characters". API Gateway expands the short
// resource on saving, so the longest expansion is what is measured.
const POLICY_QUOTA = 8192;
const LONGEST_RESOURCE = 'arn:aws-us-gov:execute-api:ap-southeast-1:123456789012:a1b2c3d4e5/*';

const WHAT_TO_DO = `
Set allowedCidrs to the public addresses your legacy programs call from, as ranges:
  in infra/params.yml      prod:
                             allowedCidrs: [203.0.113.0/24, "2001:db8::/32"]
  or on the command line   npx serverless deploy --stage prod --param="allowedCidrs=203.0.113.0/24,2001:db8::/32"
                           npm run package -- --param="allowedCidrs=203.0.113.0/24,2001:db8::/32"
`;

/**
 * The resource policy of an address list.
 *
 * @param {unknown} allowedCidrs a YAML list, or one comma-separated string from the command line
 * @param {{stage: string, allowOpenAccess?: unknown}} settings allowOpenAccess lifts the limits on width, only
 *   if it is exactly `yes-anyone-may-call`
 * @returns {{resourcePolicy: object[], ipAddressType: 'ipv4' | 'dualstack'}} policy statements, and what the
 *   endpoint must listen on: API Gateway is IPv4-only unless told otherwise
 * @throws {ParameterError} naming every mistake at once
 */
function accessFor(allowedCidrs, { stage, allowOpenAccess = '' }) {
  const texts = textsOf(allowedCidrs);
  if (texts === undefined) throw refusal(['allowedCidrs is neither a list of ranges nor a comma-separated text.']);
  if (texts.length === 0) throw refusal([`No allowedCidrs for stage "${stage}": who may call is not decided.`]);
  if (stage === 'local') return localAccess(texts);
  if (allowOpenAccess !== '' && allowOpenAccess !== OPEN_ACCESS) {
    throw refusal([`allowOpenAccess is either empty or exactly ${OPEN_ACCESS}.`]);
  }

  const ranges = texts.map((text) => ({ text, ...parseCidr(text) }));
  const mistakes = ranges
    .map((range) => ({ text: range.text, mistake: range.mistake ?? mistakeOf(range, allowOpenAccess === OPEN_ACCESS) }))
    .filter(({ mistake }) => mistake !== undefined)
    .map(({ text, mistake }) => `${text || '(empty)'} ${mistake}.`);
  if (mistakes.length === 0 && allowOpenAccess !== OPEN_ACCESS) mistakes.push(...widthMistakes(ranges));
  if (mistakes.length > 0) throw refusal(mistakes);

  const resourcePolicy = statements(texts);
  const characters = JSON.stringify({ Version: '2012-10-17', Statement: resourcePolicy }).replaceAll(
    'execute-api:/*',
    LONGEST_RESOURCE,
  ).length;
  if (characters > POLICY_QUOTA) {
    throw refusal([
      `${texts.length} ranges make a resource policy of ${characters} characters; AWS allows ${POLICY_QUOTA}. ` +
        'Join neighbouring ranges.',
    ]);
  }
  return { resourcePolicy, ipAddressType: ranges.some(({ version }) => version === 6) ? 'dualstack' : 'ipv4' };
}

function textsOf(allowedCidrs) {
  if (allowedCidrs === null || allowedCidrs === undefined || allowedCidrs === '') return [];
  const texts = typeof allowedCidrs === 'string' ? allowedCidrs.split(',') : allowedCidrs;
  if (!Array.isArray(texts) || texts.some((text) => typeof text !== 'string')) return undefined;
  return [...new Set(texts.map((text) => text.trim()))];
}

function mistakeOf(range, openAccess) {
  if (!openAccess && range.prefix < SHORTEST_PREFIX[range.version]) {
    const who = range.prefix === 0 ? `everybody on IPv${range.version}` : `a large part of IPv${range.version}`;
    return `lets in ${who}: the prefix must be /${SHORTEST_PREFIX[range.version]} or longer, unless allowOpenAccess is ${OPEN_ACCESS}`;
  }
  const never = NEVER_PUBLIC.find(({ range: outer }) => isWithin(range, outer));
  if (never !== undefined) return `is ${never.what}: no caller of a public API has such an address`;
  return undefined;
}

function widthMistakes(ranges) {
  return [4, 6]
    .filter((version) => {
      const listed = ranges.filter((range) => range.version === version);
      return listed.reduce((sum, range) => sum + addressCount(range), 0n) > MOST_ADDRESSES[version];
    })
    .map(
      (version) =>
        `The IPv${version} ranges together let in more than sixteen networks of /${SHORTEST_PREFIX[version]}.`,
    );
}

function localAccess(texts) {
  if (texts.length !== LOOPBACK.length || texts.some((text) => !LOOPBACK.includes(text))) {
    throw new ParameterError(
      `allowedCidrs of the stage "local" is fixed to loopback (${LOOPBACK.join(', ')}); choose another stage.`,
    );
  }
  return { resourcePolicy: statements(texts), ipAddressType: 'ipv4' };
}

/** Either statement alone keeps strangers out; together, losing one in an edit does not open the API. */
function statements(cidrs) {
  const who = { Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
  return [
    { Effect: 'Allow', ...who, Condition: { IpAddress: { 'aws:SourceIp': cidrs } } },
    { Effect: 'Deny', ...who, Condition: { NotIpAddress: { 'aws:SourceIp': cidrs } } },
  ];
}

function refusal(mistakes) {
  return new ParameterError(`${mistakes.join('\n')}\n${WHAT_TO_DO}`);
}

/** Resolver for `custom` in serverless.yml. */
module.exports = async ({ options, resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  // Of an empty value the CLI itself only says that its format is unsupported.
  const givenEmpty = (options.param ?? []).some((text) => /^allowedCidrs(=\s*)?$/.test(text));
  return accessFor(givenEmpty ? [] : await resolveVariable('param:allowedCidrs, null'), {
    stage,
    allowOpenAccess: givenEmpty ? '' : await resolveVariable("param:allowOpenAccess, ''"),
  });
};
module.exports.accessFor = accessFor;
