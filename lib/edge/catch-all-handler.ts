import { toGateway, type Endpoint } from './answer.ts';
import { readPath } from './event.ts';
import type { HttpHandler } from './legacy-handler.ts';

const endpoints: ReadonlyMap<string, Endpoint> = new Map([
  ['/ringout.asp', 'ringout'],
  ['/faxapi.asp', 'fax'],
  ['/faxout.asp', 'fax'],
]);

/**
 * Serves other spellings of the legacy paths. The old server ignored the case of a path, and an earlier proxy appended
 * a slash; API Gateway's own routes are exact. Any other path gets a 403, with a body that both kinds of client read as
 * an error.
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
