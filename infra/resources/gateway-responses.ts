import type { Resource } from '../cloudformation.ts';

/** What API Gateway answers in one kind of case. */
export interface GatewayResponse extends Resource {
  readonly Properties: {
    readonly RestApiId: { readonly Ref: string };
    readonly ResponseType: string;
    readonly StatusCode: string;
    /** Bodies, by media type. */
    readonly ResponseTemplates: Readonly<Record<string, string>>;
    readonly ResponseParameters: Readonly<Record<string, string>>;
  };
}

/*
 * What API Gateway answers by itself, without any function: the body is always `5`, the fax digit for a failure, and
 * to a ringout.asp program simply not `OK …` (these answers are one set for the whole API and cannot see the path).
 * Legacy programs raise another error class on a status other than 200, so it is 200 for everything that can happen to
 * an allowed caller; strangers and scanners get 403.
 *
 * Every type has a resource of its own, because a status on DEFAULT_4XX or DEFAULT_5XX spreads to every type without
 * one, which would tell strangers 200. Types: AWS documentation, "Gateway response types for API Gateway".
 */
const statusByType = {
  ACCESS_DENIED: 403,
  EXPIRED_TOKEN: 403,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403, // also: no such path, which only / is: the catch-all takes every other one
  RESOURCE_NOT_FOUND: 403,
  UNAUTHORIZED: 403,
  WAF_FILTERED: 403,

  API_CONFIGURATION_ERROR: 200,
  AUTHORIZER_CONFIGURATION_ERROR: 200,
  AUTHORIZER_FAILURE: 200,
  BAD_REQUEST_BODY: 200,
  BAD_REQUEST_PARAMETERS: 200,
  DEFAULT_4XX: 200,
  DEFAULT_5XX: 200, // also: a function that failed, was out of time, or answered something malformed
  INTEGRATION_FAILURE: 200,
  INTEGRATION_TIMEOUT: 200,
  QUOTA_EXCEEDED: 200,
  REQUEST_TOO_LARGE: 200,
  THROTTLED: 200,
  UNSUPPORTED_MEDIA_TYPE: 200,
};

const logicalId = (type: string): string =>
  `GatewayResponse${type.toLowerCase().replaceAll(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}`;

const gatewayResponse = ([type, status]: readonly [string, number]): [string, GatewayResponse] => [
  logicalId(type),
  {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      RestApiId: { Ref: 'ApiGatewayRestApi' },
      ResponseType: type,
      StatusCode: String(status),
      // Which template is taken for an odd Accept header is not documented, so all say the same and the header is forced.
      ResponseTemplates: { 'application/json': '5', 'text/plain': '5', 'text/html': '5' },
      ResponseParameters: { 'gatewayresponse.header.Content-Type': "'text/plain'" },
    },
  },
];

export const gatewayResponses: { readonly Resources: Readonly<Record<string, GatewayResponse>> } = {
  Resources: Object.fromEntries(Object.entries(statusByType).map(gatewayResponse)),
};
