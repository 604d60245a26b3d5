import type { Answer } from './simulator/answer.ts';
import { jsonAnswer, textAnswer } from './simulator/answer.ts';
import { consolePage, refusedOrigin } from './simulator/console.ts';
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

async function answerTo(request: GatewayRequest, options: ConsoleOptions): Promise<Answer> {
  const { settings, simulatorUrl } = options;
  const { method, path, headers, body } = request;
  switch (`${method} ${path}`) {
    case 'GET /console':
    case 'GET /console/':
      return consolePage();
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
      return jsonAnswer(200, { exchanges: options.log.exchanges });
    case 'GET /console/faxes':
      return jsonAnswer(200, await options.outbox());
    case 'GET /console/settings':
      return jsonAnswer(200, { ...settings, simulator: simulatorUrl !== undefined });
    default:
  }
  const control = /^\/console\/simulator\/([\w-]+)$/.exec(path)?.[1];
  if (control === undefined || simulatorUrl === undefined) return textAnswer(404, 'no such page');
  if (control === 'reset') options.log.clear();
  const passedOn = await fetch(`${simulatorUrl}/__simulator/${control}`, {
    method,
    headers: { 'content-type': headerOf(headers, 'content-type') ?? '' },
    ...(body !== undefined && { body: new Uint8Array(body) }),
  });
  return textAnswer(passedOn.status, await passedOn.text(), passedOn.headers.get('content-type') ?? 'text/plain');
}
