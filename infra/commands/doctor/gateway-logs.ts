import { asObject, asText, type Json } from '../../../lib/domain/untrusted.ts';
import { failed, passed, skipped, type Check } from '../report/check.ts';

/**
 * Checks that API Gateway may write the stage's access log. The role is one per account and region.
 *
 * @param stage answer of `aws apigateway get-stage`
 * @param account answer of `aws apigateway get-account`
 */
export function checkLogRole(stage: Json, account: Json): Check {
  const name = 'access log';
  if (asText(asObject(stage['accessLogSettings'])?.['destinationArn']) === undefined) {
    return skipped(name, 'there is none (apiGatewayAccountRole: none), nor an alarm on failures of the gateway');
  }
  if (asText(account['cloudwatchRoleArn']) !== undefined) return passed(name, 'the role that writes it is set');
  return failed(
    name,
    'API Gateway has no role to write logs with in this account and region',
    'Deploy with apiGatewayAccountRole: create, or set a role with aws apigateway update-account.',
  );
}

/** Checks that the stage logs no query strings or bodies, because they contain passwords and phone numbers. */
export function checkExecutionLogs(stage: Json): Check {
  const name = 'execution logs';
  const logsRequests = Object.values(asObject(stage['methodSettings']) ?? {}).some((value) => {
    const settings = asObject(value);
    return settings?.['dataTraceEnabled'] === true || (asText(settings?.['loggingLevel']) ?? 'OFF') !== 'OFF';
  });
  if (!logsRequests) return passed(name, 'off');
  return failed(
    name,
    'on: passwords and numbers of legacy requests are logged',
    'Switch logging and data tracing of the stage off, or deploy again; then delete the log group API-Gateway-Execution-Logs_….',
  );
}
