import { createServer, type Server } from 'node:http';
import { catchAllHandler } from '../../../lib/edge/catch-all-handler.ts';
import { closer, listen } from '../../../infra/local/listen.ts';
import { gatewayEvent, lambdaContext } from '../../gateway-event.ts';
import type { Product } from '../../product.ts';

/** A legacy endpoint on a port of its own, to be closed when the test is over. */
export interface LegacyServer {
  /** Without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** An answer that replaces the product's. */
export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Serves the product's handlers over HTTP, as far as these tests need a gateway. */
export async function serveProduct(
  product: Product,
  pages: Readonly<Record<string, () => StubAnswer>> = {},
): Promise<LegacyServer> {
  const { ringout, fax } = product.container();
  const handler = catchAllHandler({ ringout, fax });
  return serve(async ({ method, url, headers, body }) => {
    const page = pages[url.pathname];
    if (page !== undefined) return page();
    const query: Record<string, string[]> = {};
    for (const [name, value] of url.searchParams) (query[name] ??= []).push(value);
    const answer = await handler(
      gatewayEvent({ method, path: url.pathname, query, headers, ...(body.length > 0 && { body }) }),
      lambdaContext(),
    );
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  });
}

/** Gives every request the same answer. */
export function serveStub(answer: StubAnswer): Promise<LegacyServer> {
  return serve(() => Promise.resolve(answer));
}

interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

async function serve(answerTo: (request: Received) => Promise<StubAnswer>): Promise<LegacyServer> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const received: Received = {
        method: request.method ?? 'GET',
        url: new URL(request.url ?? '/', 'http://localhost'),
        headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
        body: Buffer.concat(chunks),
      };
      answerTo(received).then(
        ({ status = 200, headers = {}, body }) => response.writeHead(status, headers).end(body),
        () => response.destroy(),
      );
    });
  });
  const close = closer(server);
  return { url: `http://127.0.0.1:${await listen(server, 0)}`, close };
}
