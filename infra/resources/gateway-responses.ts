import type { Resource } from '../cloudformation.ts';

/** API Gateway's own answer for one type of error. */
export interface GatewayResponse extends Resource {
  readonly Properties: {
    readonly RestApiId: { readonly Ref: string };
    readonly ResponseType: string;
    readonly StatusCode: string;
    /** Bodies by media type. */
    readonly ResponseTemplates: Readonly<Record<string, string>>;
    readonly ResponseParameters: Readonly<Record<string, string>>;
  };
}

/*
 * API Gateway's own answers, which it sends without calling a function.
 *
 * The body is always `5`, the fax digit for a failure. For a ringout.asp program it is a failure because it is not `OK
 * …`. (One set of answers serves the whole API and cannot depend on the path.) Legacy programs raise another error
 * class on a status other than 200. So every error of an allowed caller has status 200; other callers and scanners get
 * 403.
 *
 * Every type has its own resource. A status on DEFAULT_4XX or DEFAULT_5XX would apply to every type without one, so
 * other callers would get 200. Types: AWS documentation, "Gateway response types for API Gateway".
 */
const statusByType = {
  ACCESS_DENIED: 403,
  EXPIRED_TOKEN: 403,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403, // also: no such path, which is only /: the catch-all matches every other one
  RESOURCE_NOT_FOUND: 403,
  UNAUTHORIZED: 403,
  WAF_FILTERED: 403,

  API_CONFIGURATION_ERROR: 200,
  AUTHORIZER_CONFIGURATION_ERROR: 200,
  AUTHORIZER_FAILURE: 200,
  BAD_REQUEST_BODY: 200,
  BAD_REQUEST_PARAMETERS: 200,
  DEFAULT_4XX: 200,
  DEFAULT_5XX: 200, // also: a function that failed, timed out or returned a malformed answer
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
      // The template for an unusual Accept header is undocumented. So all bodies are equal and the header is forced.
      ResponseTemplates: { 'application/json': '5', 'text/plain': '5', 'text/html': '5' },
      ResponseParameters: { 'gatewayresponse.header.Content-Type': "'text/plain'" },
    },
  },
];

export const gatewayResponses: { readonly Resources: Readonly<Record<string, GatewayResponse>> } = {
  Resources: Object.fromEntries(Object.entries(statusByType).map(gatewayResponse)),
};
