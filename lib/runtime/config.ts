import { LegacyFailure } from '../domain/failure.ts';
import type { RepeatWindows } from '../domain/repeat-windows.ts';
import { webOriginsIn } from '../domain/web-origin.ts';
import type { OutboxSettings } from '../outbox/outbox.ts';

/** Ordered from most to least verbose. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
/** Lines below this level are not written. */
export type LogLevel = (typeof logLevels)[number];

/** The settings of a Lambda function, from its environment variables. */
export interface Config {
  /** `STATE_TABLE`: name of the DynamoDB table. */
  readonly stateTable: string;
  /** `SECRET_IDS`: names or ARNs of the secret documents, separated by commas. */
  readonly secretIds: readonly string[];
  /** `SECRET_MAX_AGE_SECONDS`: how long a secret is cached; 300 unless set. */
  readonly secretMaxAgeMs: number;
  /** `LOG_LEVEL`: debug, info (default), warn or error. */
  readonly logLevel: LogLevel;
  /** `POWERTOOLS_SERVICE_NAME`: separates the metrics of two stages in one account; see {@link serviceNameIn}. */
  readonly serviceName: string;
  /** `REPEAT_CALL_SECONDS` (10 unless set), `REPEAT_FAX_SECONDS` (60) and `REPEAT_UNCERTAIN_SECONDS` (60). */
  readonly repeatWindows: RepeatWindows;
  /** `ALLOWED_ORIGINS`: origins of other sites' pages that may send call, list and fax; none unless set. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** Settings of the outbox; undefined unless `OUTBOX_BUCKET` and `OUTBOX_QUEUE_URL` are set. */
  readonly outbox: OutboxSettings | undefined;
}

/** Splits a comma-separated list of names and ARNs, as in SECRET_IDS and the stack's output SecretIds. */
export function secretIdsIn(list: string): readonly string[] {
  return list
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}

/**
 * Returns the service name, which separates the metrics of deployments. When the function's own variables were removed
 * by hand, it is derived from Lambda's: the function is named `<service>-<name>`, its handler
 * `dist/<name>/entry.handler`.
 */
export function serviceNameIn(env: Readonly<Record<string, string | undefined>>): string {
  const given = env['POWERTOOLS_SERVICE_NAME']?.trim() ?? '';
  if (given !== '') return given;
  const name = /^dist\/([\w-]+)\//.exec(env['_HANDLER'] ?? '')?.[1] ?? '';
  const wholeName = env['AWS_LAMBDA_FUNCTION_NAME'] ?? '';
  return name !== '' && wholeName.endsWith(`-${name}`) ? wholeName.slice(0, -`-${name}`.length) : 'ringout-bridge';
}

/** Reads the settings. Throws LegacyFailure `configuration` that names every invalid variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const stateTable = env['STATE_TABLE']?.trim() ?? '';
  if (stateTable === '') problems.push('STATE_TABLE is not set');
  const secretIds = secretIdsIn(env['SECRET_IDS'] ?? '');
  if (secretIds.length === 0) problems.push('SECRET_IDS is not set');
  const milliseconds = (name: string, otherwise: number, unitMs = 1000): number => {
    const text = env[name]?.trim() ?? '';
    const value = text === '' ? otherwise : Number(text);
    if (!(value >= 0)) problems.push(`${name} is not a number of ${unitMs === 1000 ? 'seconds' : 'hours'}`);
    return value * unitMs;
  };
  const secretMaxAgeMs = milliseconds('SECRET_MAX_AGE_SECONDS', 300);
  const repeatWindows: RepeatWindows = {
    callMs: milliseconds('REPEAT_CALL_SECONDS', 10),
    faxMs: milliseconds('REPEAT_FAX_SECONDS', 60),
    uncertainMs: milliseconds('REPEAT_UNCERTAIN_SECONDS', 60),
  };
  const bucket = env['OUTBOX_BUCKET']?.trim() ?? '';
  const queueUrl = env['OUTBOX_QUEUE_URL']?.trim() ?? '';
  const takesFaxes = env['OUTBOX']?.trim() === 'on';
  if (takesFaxes && (bucket === '' || queueUrl === '')) problems.push('OUTBOX_BUCKET or OUTBOX_QUEUE_URL is not set');
  const maxAgeMs = milliseconds('OUTBOX_HOURS', 24, 3_600_000);
  const settleMs = milliseconds('OUTBOX_SETTLE_SECONDS', 120);
  const allowedOrigins = webOriginsIn(env['ALLOWED_ORIGINS'] ?? '');
  if (allowedOrigins === undefined) problems.push('ALLOWED_ORIGINS is not a list of web origins');
  const logLevel = logLevels.find((level) => level === (env['LOG_LEVEL']?.trim() || 'info').toLowerCase());
  if (logLevel === undefined) problems.push(`LOG_LEVEL is none of ${logLevels.join(', ')}`);
  if (problems.length > 0 || logLevel === undefined) {
    throw new LegacyFailure('configuration', { hint: problems.join('; ') });
  }
  return {
    stateTable,
    secretIds,
    secretMaxAgeMs,
    logLevel,
    serviceName: serviceNameIn(env),
    repeatWindows,
    allowedOrigins: new Set(allowedOrigins),
    outbox: bucket === '' || queueUrl === '' ? undefined : { takesFaxes, bucket, queueUrl, maxAgeMs, settleMs },
  };
}
