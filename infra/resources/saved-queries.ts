import type { Resource, Resources, Value } from '../cloudformation.ts';
import { functionRows, httpFunctionNames, type FunctionName } from '../functions.ts';
import { serviceName, type ResolverContext } from '../resolver.ts';
import { logGroupId, pascal } from './logical-ids.ts';

/** A query in the language of CloudWatch Logs Insights. */
interface QueryRow {
  /** The searched logs: those of functions, or API Gateway's access log. */
  readonly of: readonly FunctionName[] | 'access';
  readonly lines: readonly string[];
}

const everyFunction = functionRows.map(({ name }) => name);
const requestFields =
  'fields @timestamp, command, account, extension, outcome, code, upstreamStatus, upstreamCode, hint, cancelled, fax, remarks, messageId, to, session, origin, sourceIp, userAgent, durationMs, requestId';
const newestFirst = ['| sort @timestamp desc', '| limit 100'];

/** The queries of docs/troubleshooting.md, by their name in CloudWatch. */
const rows = {
  requests: { of: httpFunctionNames, lines: [requestFields, '| filter message = "answered"', ...newestFirst] },
  'failed-requests': {
    of: httpFunctionNames,
    lines: [requestFields, '| filter message = "answered" and outcome = "failed"', ...newestFirst],
  },
  'failures-by-kind': {
    of: httpFunctionNames,
    lines: [
      'filter message = "answered" and outcome = "failed"',
      '| stats count(*) as requests by code, command, account, extension, upstreamCode, hint',
      '| sort requests desc',
    ],
  },
  'access-log': {
    of: 'access',
    lines: [
      'fields @timestamp, sourceIp, method, resource, status, responseType, integrationStatus, latencyMs, tlsVersion, requestId',
      ...newestFirst,
    ],
  },
  errors: {
    of: everyFunction,
    lines: [
      'fields @timestamp, @log, @message',
      '| filter @message like /Task timed out|Runtime exited|Runtime.ImportModuleError|Error Type/',
      '| sort @timestamp desc',
    ],
  },
  latency: {
    of: httpFunctionNames,
    lines: [
      'filter message = "answered" and durationMs > 10000',
      '| stats count(*) as requests, max(durationMs) by command, code, account, extension',
    ],
  },
  'refresh-failed': {
    of: ['refresh-token'],
    lines: [
      'filter message = "the token could not be renewed"',
      '| stats count(*) as runs by account, extension, code, upstreamCode',
    ],
  },
  'jwts-ending': {
    of: ['refresh-token'],
    lines: ['filter message = "the JWT ends within 14 days"', '| stats count(*) as runs by account, extension, endsOn'],
  },
  'upstream-failures': {
    of: httpFunctionNames,
    lines: [
      'filter message = "answered" and code in ["unreachable", "timeout", "upstream_error", "upstream_answer", "call_uncertain", "fax_uncertain"]',
      '| stats count(*) as requests by code, command, upstreamStatus, hint',
    ],
  },
  'upstream-throttled': {
    of: httpFunctionNames,
    lines: [
      'filter message = "answered" and code = "throttled"',
      '| stats count(*) as requests by account, extension, command, upstreamStatus, hint',
    ],
  },
  'gateway-failures': {
    of: 'access',
    lines: [
      // What the metric filter GatewayFailuresFilter leaves out.
      'filter responseType not in ["-", "ACCESS_DENIED", "MISSING_AUTHENTICATION_TOKEN", "EXPIRED_TOKEN", ' +
        '"INVALID_SIGNATURE", "INVALID_API_KEY", "UNAUTHORIZED", "RESOURCE_NOT_FOUND", "WAF_FILTERED"]',
      '| stats count(*) as requests by responseType, integrationStatus, resource, sourceIp',
    ],
  },
  'state-failures': {
    of: everyFunction,
    lines: ['filter message = "the state table cannot be used"', '| stats count(*) as failures by error, @log'],
  },
  'secret-failures': {
    of: everyFunction,
    lines: [
      'filter message = "the secret cannot be read" or message = "a secret document has mistakes"',
      '| fields @timestamp, message, secret, error, lastGoodCopyServes',
      '| sort @timestamp desc',
    ],
  },
  'wrong-passwords': {
    of: httpFunctionNames,
    lines: [
      'filter message = "answered" and code = "credentials"',
      '| stats count(*) as requests by account, extension, hint, bin(10m)',
    ],
  },
  'unknown-sessions': {
    of: httpFunctionNames,
    lines: [
      'filter message = "answered" and command in ["status", "cancel"] and not ispresent(extension)',
      '| stats count(*) as requests by bin(1m), sourceIp, userAgent',
    ],
  },
  'internal-failures': {
    of: httpFunctionNames,
    lines: [
      'filter message = "answered" and code = "internal"',
      '| fields @timestamp, function, command, account, extension, error, requestId',
    ],
  },
} as const satisfies Readonly<Record<string, QueryRow>>;

export type QueryName = keyof typeof rows;

export const queryNames = Object.keys(rows) as readonly QueryName[];

/** Returns the text of a query, one line per step. */
export const queryText = (name: QueryName): string => rows[name].lines.join('\n');

/** Returns the functions whose logs a query searches; none for the access log. */
export const functionsSearched = (name: QueryName): readonly FunctionName[] => {
  const { of } = rows[name];
  return of === 'access' ? [] : of;
};

function savedQuery(service: string, name: QueryName): Resource {
  const ofAccessLog = rows[name].of === 'access';
  const groups: readonly Value[] = ofAccessLog
    ? [{ Ref: 'GatewayAccessLog' }]
    : functionsSearched(name).map((each) => ({ Ref: logGroupId(each) }));
  return {
    Type: 'AWS::Logs::QueryDefinition',
    ...(ofAccessLog ? { Condition: 'AccessLog' } : {}),
    // A slash in a name creates a folder in the console.
    Properties: { Name: `${service}/${name}`, QueryString: queryText(name), LogGroupNames: groups },
  };
}

/** Resolver: the saved queries as CloudFormation resources. */
export async function resolveSavedQueries(context: Pick<ResolverContext, 'resolveVariable'>): Promise<Resources> {
  const service = await serviceName(context);
  return {
    Resources: Object.fromEntries(queryNames.map((name) => [`${pascal(name)}Query`, savedQuery(service, name)])),
  };
}
