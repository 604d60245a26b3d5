import { asObject, asText, type Json } from '../../../lib/domain/untrusted.ts';
import { skipped, type Check } from '../report/check.ts';
import { checkAllowlist } from './allowlist.ts';
import type { AwsCli, AwsCliResult } from '../aws/aws-cli.ts';
import { awsFailed } from '../aws/aws-failure.ts';
import { checkExecutionLogs, checkLogRole } from './gateway-logs.ts';
import { checkGatewayResponses } from './gateway-responses.ts';

const names = ['allowlist', 'gateway responses', 'access log', 'execution logs'] as const;

/** The checks of {@link checkGateway} as skipped. */
export const skippedGateway = (why: string): readonly Check[] => names.map((name) => skipped(name, why));

/** Checks the API of a deployed stage against API Gateway's current settings. */
export async function checkGateway(aws: AwsCli, apiId: string, stage: string): Promise<readonly Check[]> {
  const ofApi = ['--rest-api-id', apiId];
  const [api, responses, stageNow, account] = await Promise.all([
    aws('apigateway', 'get-rest-api', ...ofApi),
    aws('apigateway', 'get-gateway-responses', ...ofApi, '--limit', '500'),
    aws('apigateway', 'get-stage', ...ofApi, '--stage-name', stage),
    aws('apigateway', 'get-account'),
  ]);
  return [
    checkGatewayAnswer('allowlist', api, (json) => checkAllowlist(asText(json['policy']), stage)),
    checkGatewayAnswer('gateway responses', responses, checkGatewayResponses),
    checkGatewayAnswer('access log', account, (role) =>
      checkGatewayAnswer('access log', stageNow, (json) => checkLogRole(json, role)),
    ),
    checkGatewayAnswer('execution logs', stageNow, checkExecutionLogs),
  ];
}

function checkGatewayAnswer(name: (typeof names)[number], result: AwsCliResult, check: (json: Json) => Check): Check {
  if (result.kind === 'answered') return check(asObject(result.json) ?? {});
  const code = result.kind === 'failed' ? result.code : 'the aws command is not installed';
  return awsFailed(name, code, 'apigateway:GET', 'Look at the API in the AWS console; deploy again if it is gone.');
}
