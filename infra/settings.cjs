// Checks the parameters and gives them their type: on the command line everything is text, and a misspelled value must
// stop packaging rather than mean "no".
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parse } = require('yaml');
const { ParameterError } = require('./parameter-error.cjs');

const yesOrNo = { wanted: 'true or false', read: (value) => ({ true: true, false: false })[String(value)] };
const oneOf = (...allowed) => ({
  wanted: `one of ${allowed.join(', ')}`,
  read: (value) => (allowed.includes(value) ? value : undefined),
});
const count = {
  wanted: 'a whole number above 0',
  read: (value) => (/^[1-9]\d{0,8}$/.test(String(value)) ? Number(value) : undefined),
};
const matching = (pattern, wanted) => ({
  wanted: `empty or ${wanted}`,
  read: (value) => (value === '' || pattern.test(String(value)) ? value : undefined),
});

const checks = {
  retainData: yesOrNo,
  createSecret: yesOrNo,
  xrayTracing: yesOrNo,
  disableDefaultEndpoint: yesOrNo,
  apiGatewayAccountRole: oneOf('create', 'existing', 'none'),
  tlsPolicy: oneOf('TLS_1_2', 'TLS_1_0'),
  logLevel: oneOf('debug', 'info', 'warn', 'error'),
  logRetentionDays: count,
  secretMaxAgeSeconds: count,
  throttleRate: count,
  throttleBurst: count,
  alarmTopicArn: matching(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/, 'the ARN of an SNS topic'),
  domainName: matching(/^(?=.{4,253}$)([a-z0-9-]{1,63}\.)+[a-z]{2,}$/, 'a host name in lower case'),
  certificateArn: matching(
    /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
    'the ARN of an ACM certificate',
  ),
};

/**
 * @param {Record<string, string | number | boolean | null>} params the parameters named in `checks`, as written
 * @param {readonly string[]} given the `name=value` texts of the command line's --param options
 * @param {readonly string[]} known names of all parameters there are
 * @returns {object} the same parameters with their type, and `deletionPolicy` (Retain or Delete) for CloudFormation
 * @throws {ParameterError} naming every wrong value, unknown name, repeated name and contradiction
 */
function settingsFrom(params, given, known) {
  const mistakes = [];
  const settings = {};
  for (const [name, { wanted, read }] of Object.entries(checks)) {
    settings[name] = read(params[name]);
    if (settings[name] === undefined) mistakes.push(`${name} is "${params[name]}"; it must be ${wanted}.`);
  }
  const names = given.map((text) => text.split('=')[0]);
  for (const name of new Set(names)) {
    if (!known.includes(name)) mistakes.push(`There is no parameter "${name}"; infra/params.yml lists them all.`);
    // The CLI would silently use the last one.
    if (names.indexOf(name) !== names.lastIndexOf(name)) mistakes.push(`--param="${name}=…" is given more than once.`);
  }
  if ((settings.domainName === '') !== (settings.certificateArn === '')) {
    mistakes.push('domainName and certificateArn belong together: set both or neither.');
  }
  if (settings.disableDefaultEndpoint && settings.domainName === '') {
    mistakes.push('disableDefaultEndpoint without a domainName leaves no address to call.');
  }
  if (mistakes.length > 0)
    throw new ParameterError(`${mistakes.join('\n')}\nParameters are explained in infra/params.yml.`);
  return { ...settings, deletionPolicy: settings.retainData ? 'Retain' : 'Delete' };
}

/** Names of all parameters: params.yml has a default for each. */
function knownParameters() {
  return Object.keys(parse(readFileSync(join(__dirname, 'params.yml'), 'utf8')).default);
}

/** Resolver for `custom` in serverless.yml. */
module.exports = async ({ options, resolveVariable }) => {
  const params = {};
  for (const name of Object.keys(checks)) params[name] = await resolveVariable(`param:${name}, null`);
  return settingsFrom(params, options.param ?? [], knownParameters());
};
module.exports.settingsFrom = settingsFrom;
