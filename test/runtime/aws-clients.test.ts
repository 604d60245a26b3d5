import { createServer } from 'node:http';
import { closer, listen } from '../../infra/local/listen.ts';
import { createDynamoDb, createSecretsManager } from '../../lib/runtime/aws-clients.ts';

/** A legacy request has 28 seconds in all; what it can do without AWS must fit in as well. */
const mostForOneOperationMs = 10_000;

test.each([
  ['DynamoDB', createDynamoDb],
  ['Secrets Manager', createSecretsManager],
])('%s gets two attempts with time limits, so that a legacy request can go on without it', async (_, create) => {
  process.env['AWS_REGION'] = 'us-east-1';
  const client = create();
  const handler = client.config.requestHandler as unknown as {
    handle(request: object): Promise<unknown>;
    httpHandlerConfigs(): Readonly<Record<string, unknown>>;
  };
  // The handler resolves its settings with its first request.
  const server = createServer((_request, response) => response.end());
  const close = closer(server);
  const port = await listen(server, 0);
  await handler.handle({ protocol: 'http:', hostname: '127.0.0.1', port, method: 'GET', path: '/', headers: {} });
  await close();
  const { connectionTimeout, requestTimeout, throwOnRequestTimeout } = handler.httpHandlerConfigs();
  const attempts = await client.config.maxAttempts();
  expect([attempts, connectionTimeout, throwOnRequestTimeout]).toEqual([2, 1000, true]);
  expect(attempts * Number(requestTimeout)).toBeLessThan(mostForOneOperationMs);
  client.destroy();
});
