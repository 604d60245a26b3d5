// Turns the parameter secretIds into what the functions are told (SECRET_IDS) and what their roles may read.

const { ParameterError } = require('./parameter-error.cjs');

const NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
const ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$/;

/**
 * @param {string | string[] | null} secretIds a YAML list, or one comma-separated string; each a name in this account and region, or
 *   a complete ARN
 * @param {boolean} createFirst whether the stack creates the first of them
 * @returns {{ids: string, first: string, arns: (string | object)[]}} `ids` for the environment; `first` is the
 *   secret the stack may create; `arns` are the only secrets a role may read
 * @throws {ParameterError} if the list is empty, an entry is neither a name nor a complete ARN (a `*` is neither), or the first is
 *   to be created and has an ARN already
 */
function secretsFor(secretIds, createFirst = false) {
  const list = Array.isArray(secretIds) ? secretIds : (secretIds ?? '').split(',');
  const ids = list.map((id) => id.trim());
  const mistaken = ids.filter((id) => !NAME.test(id) && !ARN.test(id));
  if (mistaken.length > 0) {
    throw new ParameterError(
      `secretIds must list Secrets Manager names or complete ARNs; not ${mistaken.map((id) => `"${id}"`).join(', ')}. ` +
        'Set it in infra/params.yml or with --param="secretIds=ringout-bridge/prod".',
    );
  }
  if (createFirst && ARN.test(ids[0])) {
    throw new ParameterError(
      'secretIds begins with an ARN, so that secret exists already. Set createSecret=false, or name the secret to create first.',
    );
  }
  return { ids: ids.join(','), first: ids[0], arns: ids.map(arnOf) };
}

/** Secrets Manager adds a hyphen and six characters to the name; the six are not known before the secret exists. */
function arnOf(id) {
  if (id.startsWith('arn:')) return id;
  return { 'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${id}-??????` };
}

/** Resolver for `custom` in serverless.yml. */
module.exports = async ({ resolveVariable }) => {
  const createSecret = await resolveVariable('param:createSecret');
  return secretsFor(await resolveVariable('param:secretIds'), String(createSecret) === 'true');
};
module.exports.secretsFor = secretsFor;
