import { createServer } from 'node:http';
import { closer, listen } from '../../infra/local/listen.ts';
import { createDynamoDb, createSecretsManager } from '../../lib/runtime/aws-clients.ts';

test.each([
  ['DynamoDB, which the state table limits further,', createDynamoDb, 6000],
  ['Secrets Manager', createSecretsManager, 4000],
])(
  '%s gets two attempts with time limits, so that a legacy request can continue without it',
  async (_, create, limitMs) => {
    process.env['AWS_REGION'] = 'us-east-1';
    const client = create();
    const handler = client.config.requestHandler as unknown as {
      handle(request: object): Promise<unknown>;
      httpHandlerConfigs(): Readonly<Record<string, unknown>>;
    };
    // The SDK's HTTP handler resolves its settings at its first request.
    const server = createServer((_request, response) => response.end());
    const close = closer(server);
    const port = await listen(server, 0);
    await handler.handle({ protocol: 'http:', hostname: '127.0.0.1', port, method: 'GET', path: '/', headers: {} });
    await close();
    const { connectionTimeout, requestTimeout, throwOnRequestTimeout } = handler.httpHandlerConfigs();
    const attempts = await client.config.maxAttempts();
    expect([attempts, connectionTimeout, requestTimeout, throwOnRequestTimeout]).toEqual([2, 4000, limitMs, true]);
    client.destroy();
  },
);
