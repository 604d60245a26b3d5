import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { localAws } from './local-aws.ts';
import type { Answer } from './simulator/answer.ts';

/*
 * Who may ask the servers of the local stack. Every program and every user of this computer reaches a loopback port, and
 * so does a web page: directly, or by pointing a host name of its own at 127.0.0.1 (DNS rebinding).
 */

/**
 * Puts a check before the request listeners that a server has by now: a request that does not pass gets `refusal` and
 * reaches none of them; `onRefused` is told of it.
 */
export function guard(
  server: Server,
  mayEnter: (request: IncomingMessage) => boolean,
  refusal: Answer,
  onRefused?: (request: IncomingMessage) => void,
): void {
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!mayEnter(request)) {
      onRefused?.(request);
      response.writeHead(refusal.status, refusal.headers).end(refusal.body);
      return;
    }
    for (const listener of listeners) Reflect.apply(listener, server, [request, response]);
  });
}

/**
 * Whether a request names this computer and the port it came in on. One without a Host is HTTP/1.0, which no browser
 * speaks.
 */
export function namesThisServer({ headers: { host }, socket: { localPort } }: IncomingMessage): boolean {
  if (host === undefined) return true;
  const match = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?$/i.exec(host);
  return match !== null && Number(match[1] ?? 80) === localPort;
}

/**
 * Whether a page of another origin caused a request. Browsers that do not say it in Sec-Fetch-Site say it in the Origin
 * of a POST.
 */
export function isFromAnotherOrigin(said: {
  readonly secFetchSite: string | undefined;
  readonly origin: string | undefined;
  readonly host: string | undefined;
}): boolean {
  const { secFetchSite, origin, host } = said;
  if (secFetchSite !== undefined && secFetchSite !== 'same-origin' && secFetchSite !== 'none') return true;
  return origin !== undefined && (host === undefined || origin.toLowerCase() !== `http://${host.toLowerCase()}`);
}

/** Lets only those in that know this start's access key: the functions, and `npm run doctor -- --local`. */
export function guardStandIn(server: Server): void {
  guard(server, (request) => namesThisServer(request) && holdsAccessKey(request), {
    status: 403,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({
      __type: 'UnrecognizedClientException',
      message: 'This stand-in serves the functions of its own start only.',
    }),
  });
}

/** Whether a request is signed under the access key, as AWS's Signature Version 4 writes it, and from no web page. */
function holdsAccessKey({ headers: { authorization = '', origin } }: IncomingMessage): boolean {
  // dynalite tells every page that names its origin that it may read along.
  if (origin !== undefined) return false;
  const given = Buffer.from(/^AWS4-HMAC-SHA256 Credential=(\w{1,128})\//.exec(authorization)?.[1] ?? '');
  const known = Buffer.from(localAws.credentials.accessKeyId);
  return given.length === known.length && timingSafeEqual(given, known);
}
