import { routeOf } from '../infra/local/routes.ts';
import { call } from '../lib/commands/call.ts';
import { cancel } from '../lib/commands/cancel.ts';
import { fax } from '../lib/commands/fax.ts';
import { commandByCmd } from '../lib/commands/command-by-cmd.ts';
import { list } from '../lib/commands/list.ts';
import { status } from '../lib/commands/status.ts';
import type { GatewayAnswer } from '../lib/edge/answer.ts';
import { catchAllHandler } from '../lib/edge/catch-all-handler.ts';
import type { Command } from '../lib/edge/exchange.ts';
import { legacyHandler, type HttpHandler } from '../lib/edge/legacy-handler.ts';
import type { Container } from '../lib/runtime/container.ts';
import { faxPath, gatewayEvent, lambdaContext } from './gateway-event.ts';

/** Every HTTP function of one container. */
export interface Handlers {
  readonly ringout: HttpHandler;
  readonly fax: HttpHandler;
  readonly list: HttpHandler;
  readonly call: HttpHandler;
  readonly status: HttpHandler;
  readonly cancel: HttpHandler;
  readonly catchAll: HttpHandler;
}

/** The functions as composed in `functions/`, in one container. */
export function handlersFrom(container: Container): Handlers {
  const front = (endpoint: 'ringout' | 'fax', name: string): HttpHandler =>
    legacyHandler({
      endpoint,
      name,
      container,
      choose: endpoint === 'ringout' ? commandByCmd : () => fax,
    });
  const single = (command: Command): HttpHandler =>
    legacyHandler({ endpoint: 'ringout', name: command.name, container, choose: () => command });
  return {
    ringout: front('ringout', 'ringout'),
    fax: front('fax', 'fax'),
    list: single(list),
    call: single(call),
    status: single(status),
    cancel: single(cancel),
    catchAll: catchAllHandler({ ringout: front('ringout', 'catch-all'), fax: front('fax', 'catch-all') }),
  };
}

/** The function that API Gateway's routes select for an event. */
export function handlerFor(handlers: Handlers, event: Readonly<Record<string, unknown>>): HttpHandler {
  const name = routeOf(String(event['httpMethod']), String(event['path']))?.name;
  switch (name) {
    case 'ringout':
    case 'fax':
    case 'list':
    case 'call':
    case 'status':
    case 'cancel':
      return handlers[name];
    case 'catch-all':
    case 'refresh-token':
    case 'send-fax':
    case undefined:
      return handlers.catchAll;
  }
}

/** Sends a GET of `/ringout.asp` with these parameters. Returns the body of the answer. */
export async function ringout(handler: HttpHandler, query: Readonly<Record<string, string>>): Promise<string> {
  return (await handler(gatewayEvent({ query }), lambdaContext())).body;
}

/** Sends a multipart POST of `/faxapi.asp` as a browser's form data. Returns the complete answer. */
export async function postFax(
  handler: HttpHandler,
  fields: readonly (readonly [string, string | File])[],
): Promise<GatewayAnswer> {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  const encoded = new Response(form);
  const event = gatewayEvent({
    method: 'POST',
    path: faxPath,
    headers: { 'Content-Type': encoded.headers.get('content-type') ?? '' },
    body: new Uint8Array(await encoded.arrayBuffer()),
  });
  return handler(event, lambdaContext());
}
