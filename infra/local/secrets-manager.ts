import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { guardStandIn } from './guard.ts';
import { closer, listen } from './listen.ts';
import type { SecretFile } from './secret-documents.ts';

/** A stand-in for AWS Secrets Manager with one operation, GetSecretValue. */
export interface LocalSecretsManager {
  readonly url: string;
  close(): Promise<void>;
}

const target = 'secretsmanager.GetSecretValue';

/**
 * Serves the secrets on a free port to requests with this process's access key. Reads a secret again for each request.
 */
export async function startSecretsManager(sources: readonly SecretFile[]): Promise<LocalSecretsManager> {
  const server = createServer((request, response) => {
    answer(request, sources).then(
      ({ status, body }) => send(response, status, body),
      () => send(response, 500, failure('InternalServiceError', 'The secret cannot be read.')),
    );
  });
  guardStandIn(server);
  const close = closer(server);
  return { url: `http://127.0.0.1:${await listen(server, 0)}`, close };
}

async function answer(
  request: IncomingMessage,
  sources: readonly SecretFile[],
): Promise<{ status: number; body: unknown }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  if (request.headers['x-amz-target'] !== target) {
    return { status: 400, body: failure('InvalidRequestException', `Only ${target} is served here.`) };
  }
  const { SecretId: id } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { SecretId?: string };
  const source = sources.find((candidate) => candidate.id === id);
  if (source === undefined) {
    // AWS's own texts, because the product logs them.
    return {
      status: 400,
      body: failure('ResourceNotFoundException', "Secrets Manager can't find the specified secret."),
    };
  }
  const text = await source.read();
  return {
    status: 200,
    body: {
      ARN: `arn:aws:secretsmanager:us-east-1:000000000000:secret:${source.id}`,
      Name: source.id,
      SecretString: text,
      VersionId: createHash('sha256').update(text).digest('hex').slice(0, 32),
      VersionStages: ['AWSCURRENT'],
    },
  };
}

function failure(type: string, message: string): unknown {
  return { __type: type, message };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}
