import type { Hooks, Serverless } from './serverless.ts';

/**
 * Makes the API Gateway stage a resource of the template instead of a by-product of the deployment.
 *
 * The CLI writes a deployment with a StageName, which creates the stage on the side. Its settings can then neither
 * stand beside it (a second stage of that name: "already exists") nor in the deployment's StageDescription, which
 * CloudFormation accepts once and refuses on every later deployment: "StageDescription cannot be specified when stage
 * referenced by StageName already exists" (https://github.com/jacob-meacham/serverless-plugin-bind-deployment-id/issues/3,
 * https://github.com/serverless/serverless/pull/5851). So StageName goes, and infra/resources/gateway-stage.yml has
 * the stage.
 *
 * It also makes the deployment, which is a snapshot of the API, wait for the gateway responses; the CLI lets it wait
 * for the methods only, and the first one could be taken without them (https://github.com/serverless/serverless/issues/6210).
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
