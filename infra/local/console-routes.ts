import type { Answer } from './simulator/answer.ts';
import { jsonAnswer, textAnswer } from './simulator/answer.ts';
import { consoleFile, consolePage, refusedOrigin } from './simulator/console.ts';
import type { ExchangeLog } from './exchanges.ts';
import { isFromAnotherOrigin } from './guard.ts';
import type { Outbox } from './outbox-rows.ts';
import { headerOf, type GatewayRequest } from './proxy-event.ts';

/** The initial values of the console's form. */
export interface ConsoleSettings {
  readonly username: string;
  readonly extension: string;
  /** The demonstration's password. Undefined for a secret document of the user: the field stays empty. */
  readonly password: string | undefined;
}

export interface ConsoleOptions {
  readonly settings: ConsoleSettings;
  /** Undefined if the stack runs without the simulator. */
  readonly simulatorUrl: string | undefined;
  readonly log: ExchangeLog;
  readonly outbox: () => Promise<Outbox>;
}

/**
 * Serves `/console` and the paths below it: page, legacy exchanges and outbox. Forwards control requests to the
 * simulator. Resolves with undefined for any other path. Requests from other origins get the page, and a 403 for
 * everything below it.
 */
export function consoleRoutes(options: ConsoleOptions): (request: GatewayRequest) => Promise<Answer | undefined> {
  return async (request) => {
    if (request.path !== '/console' && !request.path.startsWith('/console/')) return undefined;
    const { headers, ...answer } = await answerTo(request, options);
    return { ...answer, headers: { ...headers, 'cache-control': 'no-store' } };
  };
}

const noSuchPage = textAnswer(404, 'no such page');

async function answerTo(request: GatewayRequest, options: ConsoleOptions): Promise<Answer> {
  const { settings, simulatorUrl } = options;
  const { method, path, headers, body } = request;
  switch (`${method} ${path}`) {
    case 'GET /console':
    case 'GET /console/':
      return consolePage('/console/page');
    default:
  }
  if (
    isFromAnotherOrigin({
      secFetchSite: headerOf(headers, 'sec-fetch-site'),
      origin: headerOf(headers, 'origin'),
      host: headerOf(headers, 'host'),
    })
  ) {
    return refusedOrigin;
  }
  switch (`${method} ${path}`) {
    case 'GET /console/exchanges':
      return jsonAnswer(200, { nowMs: Date.now(), exchanges: options.log.exchanges });
    case 'GET /console/faxes':
      return jsonAnswer(200, withRemarks(await options.outbox(), options.log.faxRemarks));
    case 'GET /console/settings':
      return jsonAnswer(200, { ...settings, simulator: simulatorUrl !== undefined });
    default:
  }
  if (method === 'GET' && path.startsWith('/console/page/')) {
    return consoleFile(path.slice('/console/page/'.length)) ?? noSuchPage;
  }
  const control = /^\/console\/simulator\/([\w-]+)$/.exec(path)?.[1];
  if (control === undefined || simulatorUrl === undefined) return noSuchPage;
  const forwarded = await fetch(`${simulatorUrl}/__simulator/${control}`, {
    method,
    headers: { 'content-type': headerOf(headers, 'content-type') ?? '' },
    ...(body !== undefined && { body: new Uint8Array(body) }),
  }).catch(() => undefined);
  // It refuses connections for the time of an outage.
  if (forwarded === undefined) return textAnswer(503, 'The simulator is in an outage.\n', 'text/plain');
  if (control === 'reset') options.log.clear();
  return textAnswer(forwarded.status, await forwarded.text(), forwarded.headers.get('content-type') ?? 'text/plain');
}

/** Takes the reason from the log if the row has none. The row of a waiting fax has none. */
function withRemarks({ counts, faxes }: Outbox, remarks: ReadonlyMap<string, string>): Outbox {
  return {
    counts,
    faxes: faxes.map((fax) => {
      const reason = fax.state === 'sent' ? undefined : (fax.reason ?? remarks.get(fax.id));
      return reason === undefined ? fax : { ...fax, reason };
    }),
  };
}
