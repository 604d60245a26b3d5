import { toGateway, type Endpoint } from './answer.ts';
import { readPath } from './event.ts';
import type { HttpHandler } from './legacy-handler.ts';

const endpoints: ReadonlyMap<string, Endpoint> = new Map([
  ['/ringout.asp', 'ringout'],
  ['/faxapi.asp', 'fax'],
  ['/faxout.asp', 'fax'],
]);

/**
 * The old server did not look at the case of a path, and an earlier proxy put a slash behind it; API Gateway's own
 * routes are exact. Anything that is no spelling of a legacy endpoint gets a 403 and a body that reads as an error to
 * both kinds of client.
 */
export function catchAllHandler(handlers: Readonly<Record<Endpoint, HttpHandler>>): HttpHandler {
  return async (event, context) => {
    const endpoint = endpoints.get(plainPath(readPath(event)));
    return endpoint === undefined ? notServed : handlers[endpoint](event, context);
  };
}

const notServed = toGateway({ statusCode: 403, contentType: 'text/plain; charset=utf-8', body: '5' });

function plainPath(path: string): string {
  return decodePath(path)
    .toLowerCase()
    .replaceAll(/\/{2,}/g, '/')
    .replace(/\/$/, '');
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
