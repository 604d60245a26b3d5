import { webOriginsIn } from '../lib/domain/web-origin.ts';
import { functionRows } from './functions.ts';
import { ParameterError } from './parameter-error.ts';
import { nameMistake } from './parameter-names.ts';
import { regionMistake, regionOf } from './region.ts';
import { serviceName, type ResolverContext } from './resolver.ts';

/*
 * Checks the parameters and converts them to their types. On the command line every value is text, and a misspelled
 * value must stop packaging instead of meaning "no".
 */

interface Check<T> {
  /** The end of the sentence "it must be …". */
  readonly wanted: string;
  /** Returns undefined for an invalid value. */
  read(value: unknown): T | undefined;
}

const yesOrNo: Check<boolean> = {
  wanted: 'true or false',
  read: (value) => (String(value) === 'true' ? true : String(value) === 'false' ? false : undefined),
};
const oneOf = <T extends string>(...allowed: readonly T[]): Check<T> => ({
  wanted: `one of ${allowed.join(', ')}`,
  read: (value) => allowed.find((one) => one === value),
});
const count: Check<number> = {
  wanted: 'a whole number above 0',
  read: (value) => (/^[1-9]\d{0,8}$/.test(String(value)) ? Number(value) : undefined),
};
/** Returns 0 for an empty parameter. AWS allows 128 MB, but the largest fax might need more than that. */
const memory: Check<number> = {
  wanted: 'empty or a whole number of megabytes from 256 to 10240',
  read: (value) => {
    const megabytes = /^\d{0,5}$/.test(String(value)) ? Number(value) : -1;
    return megabytes === 0 || (megabytes >= 256 && megabytes <= 10_240) ? megabytes : undefined;
  },
};
const between = (least: number, most: number, what: string): Check<number> => ({
  wanted: `a whole number of ${what}, ${least} to ${most}`,
  read: (value) =>
    /^\d{1,3}$/.test(String(value)) && Number(value) >= least && Number(value) <= most ? Number(value) : undefined,
});
const repeatSeconds = between(0, 900, 'seconds');
/** A YAML list, or comma-separated text; returned as comma-separated text. */
const webOrigins: Check<string> = {
  wanted: 'empty, or web origins such as https://crm.example.com or http://localhost:8080, without a path',
  read: (value) => webOriginsIn(Array.isArray(value) ? value.join(',') : String(value))?.join(','),
};
const matching = (pattern: RegExp, wanted: string): Check<string> => ({
  wanted: `empty or ${wanted}`,
  read: (value) => (value === '' || pattern.test(String(value)) ? String(value) : undefined),
});

const checks = {
  deleteDataWithStack: yesOrNo,
  createSecret: yesOrNo,
  xrayTracing: yesOrNo,
  disableDefaultEndpoint: yesOrNo,
  apiGatewayAccountRole: oneOf('create', 'existing', 'none'),
  tlsPolicy: oneOf('TLS_1_2', 'TLS_1_0'),
  functionMemoryMb: memory,
  logLevel: oneOf('debug', 'info', 'warn', 'error'),
  logRetentionDays: count,
  secretMaxAgeSeconds: count,
  repeatCallSeconds: repeatSeconds,
  repeatFaxSeconds: repeatSeconds,
  repeatUncertainSeconds: repeatSeconds,
  outbox: oneOf('on', 'off'),
  outboxHours: between(1, 168, 'hours'),
  outboxSettleSeconds: between(60, 900, 'seconds'),
  // No alias: it would work for the bucket, but not as the resource of a role's statement.
  outboxKeyArn: matching(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key (no alias)'),
  allowedOrigins: webOrigins,
  throttleRate: count,
  throttleBurst: count,
  failureAlarmThreshold: count,
  alarmTopicArn: matching(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/, 'the ARN of an SNS topic'),
  domainName: matching(/^(?=.{4,253}$)([a-z0-9-]{1,63}\.)+[a-z]{2,}$/, 'a host name in lower case'),
  certificateArn: matching(
    /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
    'the ARN of an ACM certificate',
  ),
};

type Checks = typeof checks;
/** The parameters with their types. */
type Read = { readonly [Name in keyof Checks]: Checks[Name] extends Check<infer T> ? T : never };

/** The parameters and the values derived from them. */
export type Settings = Read & {
  /**
   * CloudFormation's policy for data that leaves the stack. `RetainExceptOnCreate` deletes it after a failed first
   * deployment, so that the second one does not fail because the secret exists.
   */
  readonly deletionPolicy: 'RetainExceptOnCreate' | 'Delete';
  /** Retention of the queue's messages: three days longer than a fax may wait. SQS allows 14 days. */
  readonly outboxRetentionSeconds: number;
  /** Days after which a fax's bytes expire, whatever its result. S3 counts from the next midnight UTC. */
  readonly outboxExpiryDays: number;
  /** Memory of each function: its own value, or the one for all functions. */
  readonly memoryMb: Readonly<Record<string, number>>;
};

/** The deployment to package, and its target. */
export interface Target {
  /** Such as `ringout-bridge-prod`. */
  readonly service: string;
  readonly region: string;
}

/** Source: AWS documentation, Lambda, CreateFunction. */
const longestFunctionName = 64;

/**
 * Validates the parameters that `checks` names.
 *
 * @param params in their original form
 * @param given the `name=value` texts of the command line's --param options
 * @param known names of all parameters
 * @throws {ParameterError} naming every wrong value, unknown name, repeated name and contradiction, every ARN of
 *   another region, and a stage with too long a name
 */
export function settingsFrom(
  params: Readonly<Record<string, unknown>>,
  given: readonly string[],
  known: readonly string[],
  { service, region }: Target,
): Settings {
  const mistakes: string[] = [];
  const read = Object.fromEntries(
    Object.entries(checks).map(([name, check]) => {
      const value = check.read(params[name]);
      if (value === undefined) mistakes.push(`${name} is "${String(params[name])}"; it must be ${check.wanted}.`);
      return [name, value];
    }),
  ) as Read;
  const names = given.map((text) => text.split('=')[0] ?? '');
  for (const name of new Set(names)) {
    const mistake = nameMistake(name, known);
    if (mistake !== undefined) mistakes.push(mistake);
    // The CLI would silently use the last one.
    if (names.indexOf(name) !== names.lastIndexOf(name)) mistakes.push(`--param="${name}=…" is given more than once.`);
  }
  if ((read.domainName === '') !== (read.certificateArn === '')) {
    mistakes.push('domainName and certificateArn belong together: set both or neither.');
  }
  if (read.disableDefaultEndpoint && read.domainName === '') {
    mistakes.push('disableDefaultEndpoint without a domainName leaves no address to call.');
  }
  for (const name of ['alarmTopicArn', 'certificateArn', 'outboxKeyArn'] as const) {
    const mistake = read[name] ? regionMistake(name, read[name], region) : undefined;
    if (mistake !== undefined) mistakes.push(mistake);
  }
  const tooMany = Math.max(...functionRows.map(({ name }) => `${service}-${name}`.length)) - longestFunctionName;
  if (tooMany > 0) {
    mistakes.push(
      `The name of the stage is ${tooMany} characters too long: ${service} begins the names of functions, and AWS allows ` +
        `${longestFunctionName} characters for such a name.`,
    );
  }
  if (mistakes.length > 0)
    throw new ParameterError(`${mistakes.join('\n')}\nParameters are explained in infra/params.yml.`);
  return {
    ...read,
    deletionPolicy: read.deleteDataWithStack ? 'Delete' : 'RetainExceptOnCreate',
    outboxRetentionSeconds: (read.outboxHours + 72) * 3600,
    outboxExpiryDays: Math.ceil(read.outboxHours / 24) + 3,
    memoryMb: Object.fromEntries(functionRows.map(({ name, memoryMb }) => [name, read.functionMemoryMb || memoryMb])),
  };
}

/** Resolver for `custom` in serverless.yml. */
export async function resolveSettings(context: ResolverContext): Promise<Settings> {
  const { options, resolveVariable } = context;
  const params: Record<string, unknown> = {};
  for (const name of Object.keys(checks)) params[name] = await resolveVariable(`param:${name}, null`);
  // params.yml has a default for every parameter.
  const defaults = (await resolveVariable('file(infra/params.yml):default')) as object;
  const target = { service: await serviceName(context), region: await regionOf(context) };
  return settingsFrom(params, options.param ?? [], Object.keys(defaults), target);
}
