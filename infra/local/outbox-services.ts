import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { askStandIn, standInAuthorization } from './ask-stand-in.ts';
import { guardStandIn } from './guard.ts';
import { closer, listen } from './listen.ts';
import { localAws } from './local-aws.ts';
import type { OutboxQueues, QueueDefinition } from './outbox-definition.ts';

/** S3 and SQS in this process, with the outbox's bucket and queues. Stopping deletes their contents. */
export interface OutboxServices {
  /** The address of both services. */
  readonly url: string;
  readonly bucket: string;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly deadLettersUrl: string;
  /** Resolves when bucket and queues exist; earlier requests wait. Rejects if they cannot be created. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** The account in the stand-in's ARNs and URLs. */
const accountId = '000000000000';

/**
 * Starts fauxqs on a free port of 127.0.0.1 with these queues. It accepts only this process's access key. Its code is
 * loaded after the port is open, because loading takes longer than starting the other stand-ins. It keeps messages and
 * objects until it stops: retention and lifecycle are not emulated.
 */
export async function startOutboxServices(queues: OutboxQueues, bucket: string): Promise<OutboxServices> {
  const loading = load();
  const server = createServer((request, response) => {
    loading.then(
      (app) => app.routing(request, response),
      () => response.writeHead(503).end(),
    );
  });
  guardStandIn(server);
  const closeServer = closer(server);
  const url = `http://127.0.0.1:${await listen(server, 0)}`;
  const urlOf = (queueName: string): string => `${url}/${accountId}/${queueName}`;
  const ready = loading.then(() => setUp(url, queues, bucket));
  // Node would report an unhandled rejection if the start failed before it awaited `ready`.
  ready.catch(() => {});
  return {
    url,
    bucket,
    queueUrl: urlOf(queues.queue.name),
    queueArn: arnOf(queues.queue.name),
    deadLettersUrl: urlOf(queues.deadLetters.name),
    ready,
    async close() {
      await closeServer();
      const app = await loading.catch(() => undefined);
      await app?.close();
    },
  };
}

interface Fauxqs {
  routing(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<unknown>;
}

/** fauxqs's own server listens on every address of the computer. This takes only its request handler. */
async function load(): Promise<Fauxqs> {
  const { buildApp } = await import('fauxqs');
  const app = buildApp({ logger: false, defaultRegion: localAws.region });
  await app.ready();
  return app;
}

async function setUp(url: string, { queue, deadLetters }: OutboxQueues, bucket: string): Promise<void> {
  const headers = { authorization: standInAuthorization };
  const made = await fetch(`${url}/${bucket}`, { method: 'PUT', headers });
  if (!made.ok) throw new Error(`The local S3 did not make the bucket: ${await made.text()}`);
  for (const definition of [deadLetters, queue]) {
    await askStandIn(url, { target: 'AmazonSQS.CreateQueue', body: createQueue(definition) });
  }
}

function createQueue({ name, attributes, redrive }: QueueDefinition): unknown {
  const policy = redrive && {
    deadLetterTargetArn: arnOf(redrive.toQueue),
    maxReceiveCount: redrive.maxReceiveCount,
  };
  return {
    QueueName: name,
    Attributes: { ...attributes, ...(policy !== undefined && { RedrivePolicy: JSON.stringify(policy) }) },
  };
}

function arnOf(queueName: string): string {
  return `arn:aws:sqs:${localAws.region}:${accountId}:${queueName}`;
}
