import type { Answer } from './simulator/answer.ts';
import { jsonAnswer, textAnswer } from './simulator/answer.ts';
import { consoleFile, consolePage, refusedOrigin } from './simulator/console.ts';
import type { ExchangeLog } from './exchanges.ts';
import { isFromAnotherOrigin } from './guard.ts';
import type { Outbox } from './outbox-rows.ts';
import { headerOf, type GatewayRequest } from './proxy-event.ts';

/** What the console's form is filled in with. */
export interface ConsoleSettings {
  readonly username: string;
  readonly extension: string;
  /** Only the demonstration's; undefined leaves the field empty. */
  readonly password: string | undefined;
}

export interface ConsoleOptions {
  readonly settings: ConsoleSettings;
  readonly simulatorUrl: string | undefined;
  readonly log: ExchangeLog;
  /** Reads what is in the outbox. */
  readonly outbox: () => Promise<Outbox>;
}

/** What the console answers. */
export type ConsoleAnswer = Answer;

/**
 * The console below `/console`: the page, the legacy exchanges, the outbox, and the simulator's controls passed on. Resolves with
 * undefined for any other path. A page of another origin may show the page, and reach nothing below it.
 */
export function consoleRoutes(
  options: ConsoleOptions,
): (request: GatewayRequest) => Promise<ConsoleAnswer | undefined> {
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
  if (control === 'reset') options.log.clear();
  const passedOn = await fetch(`${simulatorUrl}/__simulator/${control}`, {
    method,
    headers: { 'content-type': headerOf(headers, 'content-type') ?? '' },
    ...(body !== undefined && { body: new Uint8Array(body) }),
  });
  return textAnswer(passedOn.status, await passedOn.text(), passedOn.headers.get('content-type') ?? 'text/plain');
}

/** With what the log said of a fax that has no reason in its row, as one that waits. */
function withRemarks({ counts, faxes }: Outbox, remarks: ReadonlyMap<string, string>): Outbox {
  return {
    counts,
    faxes: faxes.map((fax) => {
      const reason = fax.state === 'sent' ? undefined : (fax.reason ?? remarks.get(fax.id));
      return reason === undefined ? fax : { ...fax, reason };
    }),
  };
}
