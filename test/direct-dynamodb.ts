import { EventEmitter } from 'node:events';
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localAws } from '../infra/local/local-aws.ts';
import type { LocalStateTable } from '../infra/local/state-table.ts';

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: object;
}

/** A client that its owner closes before the table. */
export interface DirectDynamoDb extends Pick<DynamoDBClient, 'send'> {
  /** Refuses further commands. Resolves when those under way are done, since dynalite throws when it is closed before. */
  close(): Promise<void>;
}

/**
 * A client of the table that passes its commands to dynalite by function calls. The AWS SDK and HTTP would take more
 * than half of a test's time. Tests of the SDK and HTTP use the real client: test/state, test/conformance,
 * test/functions and test/runtime. Rows contain only texts and numbers, which JSON represents as the SDK does.
 */
export function directDynamoDb({ server }: Pick<LocalStateTable, 'server'>): DirectDynamoDb {
  const credential = `Credential=${localAws.credentials.accessKeyId}/20260101/${localAws.region}/dynamodb/aws4_request`;
  const underWay = new Set<Promise<object>>();
  let isClosed = false;
  const perform = (
    { constructor, input }: Command,
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<object> =>
    new Promise((resolve, reject) => {
      if (options?.abortSignal?.aborted === true) throw Object.assign(new Error('aborted'), { name: 'AbortError' });
      if (isClosed || !server.listening)
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      const request = Object.assign(new EventEmitter(), {
        method: 'POST',
        url: '/',
        socket: {},
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `DynamoDB_20120810.${constructor.name.replace(/Command$/, '')}`,
          'x-amz-date': '20260101T000000Z',
          authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=none`,
        },
      });
      const response = {
        statusCode: 200,
        setHeader() {},
        end(body: string) {
          const answer = JSON.parse(body) as { readonly __type?: string; readonly message?: string };
          if (response.statusCode === 200) resolve(answer);
          else reject(errorOf(answer, response.statusCode));
        },
      };
      server.emit('request', request, response);
      request.emit('data', Buffer.from(JSON.stringify(input)));
      request.emit('end');
    });
  const send = async (...command: Parameters<typeof perform>): Promise<object> => {
    const performed = perform(...command);
    underWay.add(performed);
    try {
      return await performed;
    } finally {
      underWay.delete(performed);
    }
  };
  return {
    send: send as unknown as DynamoDBClient['send'],
    async close() {
      isClosed = true;
      await Promise.allSettled(underWay);
    },
  };
}

/** The error that the SDK would create from an answer. */
function errorOf(
  { __type = '', message = '' }: { readonly __type?: string; readonly message?: string },
  httpStatusCode: number,
): Error {
  const name = __type.replace(/^.*#/, '');
  const $metadata = { httpStatusCode };
  return name === 'ConditionalCheckFailedException'
    ? new ConditionalCheckFailedException({ message, $metadata })
    : Object.assign(new Error(message), { name, $metadata });
}
