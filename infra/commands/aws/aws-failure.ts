import { asObject, asText } from '../../../lib/domain/untrusted.ts';
import { failed, shown, type Check } from '../report/check.ts';

const credentialFailures = new Set([
  'NoCredentials',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'UnrecognizedClientException',
]);

/**
 * Returns a failed check for an AWS request. Shows only AWS's name of the error, because messages quote the request.
 *
 * @param action the IAM action that was used, such as `dynamodb:DescribeTable`
 * @param otherwise the remedy when neither credentials nor a permission are the cause
 */
export function awsFailed(name: string, code: string, action: string, otherwise: string): Check {
  return failed(name, `${action}: ${shown(code)}`, remedyOf(code, action, otherwise));
}

function remedyOf(code: string, action: string, otherwise: string): string {
  if (credentialFailures.has(code)) {
    return 'Put valid AWS credentials of the account into the environment: AWS_PROFILE, or aws sso login.';
  }
  return code.startsWith('AccessDenied') || code === 'UnauthorizedOperation'
    ? `Allow these AWS credentials the action ${action}.`
    : otherwise;
}

/** Returns AWS's name of an error that its SDK threw. */
export function awsErrorCode(error: unknown): string {
  return asText(asObject(error)?.['name']) ?? 'unknown error';
}
