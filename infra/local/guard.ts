import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isIP, isIPv4 } from 'node:net';
import { isInRanges } from './lan.ts';
import { localAws } from './local-aws.ts';
import type { Answer } from './simulator/answer.ts';

/*
 * Access checks for the servers of the local stack. Every program and user of this computer can reach a loopback port.
 * A web page can too: directly, or with a host name that resolves to 127.0.0.1 (DNS rebinding).
 */

/**
 * Inserts a check before the server's current request listeners. A request that fails it gets `refusal`, reaches none
 * of them, and is passed to `onRefused`.
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
 * Whether the Host header names this computer and the port of the connection. No browser sends a request without Host.
 */
export function namesThisServer({ headers: { host }, socket: { localPort } }: IncomingMessage): boolean {
  if (host === undefined) return true;
  const match = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?$/i.exec(host);
  return match !== null && Number(match[1] ?? 80) === localPort;
}

/**
 * Whether the Host header names the exact address and port of the connection. A page cannot make a browser send another
 * server's address.
 */
export function namesItsAddress({ headers: { host = '' }, socket }: IncomingMessage): boolean {
  // The zone of a link-local address is not part of the Host header.
  const [localAddress = ''] = (socket.localAddress ?? '').split('%');
  const [, six, four, port = '80'] = /^(?:\[([\da-f:.]{2,45})\]|([\d.]{7,15}))(?::(\d{1,5}))?$/i.exec(host) ?? [];
  const named = six ?? four ?? '';
  if (isIP(localAddress) === 0 || Number(port) !== socket.localPort) return false;
  return isInRanges(named, [`${localAddress}/${isIPv4(localAddress) ? 32 : 128}`]);
}

/**
 * Whether a page of another origin caused a request. Browsers without Sec-Fetch-Site send the Origin header with a
 * POST.
 */
export function isFromAnotherOrigin(headers: {
  readonly secFetchSite: string | undefined;
  readonly origin: string | undefined;
  readonly host: string | undefined;
}): boolean {
  const { secFetchSite, origin, host } = headers;
  if (secFetchSite !== undefined && secFetchSite !== 'same-origin' && secFetchSite !== 'none') return true;
  return origin !== undefined && (host === undefined || origin.toLowerCase() !== `http://${host.toLowerCase()}`);
}

/** Admits only clients with this start's access key: the functions, and `npm run doctor -- --local`. */
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

/**
 * Whether a request carries the access key in the form of AWS's Signature Version 4 and does not come from a web page.
 */
function holdsAccessKey({ headers: { authorization = '', origin } }: IncomingMessage): boolean {
  // dynalite allows every origin to read its answers (CORS).
  if (origin !== undefined) return false;
  const given = Buffer.from(/^AWS4-HMAC-SHA256 Credential=(\w{1,128})\//.exec(authorization)?.[1] ?? '');
  const known = Buffer.from(localAws.credentials.accessKeyId);
  return given.length === known.length && timingSafeEqual(given, known);
}
