import type { Hooks, Serverless } from './serverless.ts';

/**
 * Makes the API Gateway stage a resource of the template.
 *
 * The CLI writes a deployment with a StageName, which creates the stage implicitly. That leaves no place for the
 * stage's settings. CloudFormation refuses a separate stage resource of that name: "already exists". It accepts
 * settings in the deployment's StageDescription once and refuses every later deployment: "StageDescription cannot be
 * specified when stage referenced by StageName already exists"
 * (https://github.com/jacob-meacham/serverless-plugin-bind-deployment-id/issues/3,
 * https://github.com/serverless/serverless/pull/5851). So this plugin removes StageName, and
 * infra/resources/gateway-stage.yml defines the stage.
 *
 * The plugin also makes the deployment, which is a snapshot of the API, depend on the gateway responses. The CLI makes
 * it depend only on the methods, so the first snapshot could lack the responses
 * (https://github.com/serverless/serverless/issues/6210).
 */
export function gatewayStageHooks(serverless: Serverless): Hooks {
  return { 'after:aws:package:finalize:mergeCustomProviderResources': () => separateStage(serverless) };
}

function separateStage({ service }: Serverless): void {
  const { Resources: resources } = service.provider.compiledCloudFormationTemplate;
  const idsOf = (type: string) => Object.keys(resources).filter((id) => resources[id]?.Type === type);
  for (const deployment of Object.values(resources).filter(({ Type }) => Type === 'AWS::ApiGateway::Deployment')) {
    delete deployment.Properties['StageName'];
    deployment.DependsOn = [...(deployment.DependsOn ?? []), ...idsOf('AWS::ApiGateway::GatewayResponse')];
  }
}
