import type { Answer } from './simulator/answer.ts';
import { jsonAnswer, textAnswer } from './simulator/answer.ts';
import { consolePage } from './simulator/console.ts';
import type { ExchangeLog } from './exchanges.ts';
import { headerOf, type GatewayRequest } from './proxy-event.ts';

/** What the console's form is filled in with. */
export interface ConsoleSettings {
  readonly username: string;
  readonly extension: string;
  /** Only the demonstration's; undefined leaves the field empty. */
  readonly password: string | undefined;
}

/** Where the stack's stand-ins for AWS listen, for `npm run doctor -- --local`. */
export interface LocalServices {
  readonly dynamoDbUrl: string;
  readonly stateTable: string;
  readonly secretsManagerUrl: string;
  readonly secretIds: readonly string[];
}

export interface ConsoleOptions {
  readonly settings: ConsoleSettings;
  readonly services: LocalServices;
  readonly simulatorUrl: string | undefined;
  readonly log: ExchangeLog;
}

const loopbackHost = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/** What the console answers. */
export type ConsoleAnswer = Answer;

/**
 * The console below `/console`: the page, the legacy exchanges, and the simulator's controls passed on. Resolves with
 * undefined for any other path. Answers only to the loopback host names, so that no page of another site can read along
 * by pointing a name of its own at this computer.
 */
export function consoleRoutes(
  options: ConsoleOptions,
): (request: GatewayRequest) => Promise<ConsoleAnswer | undefined> {
  return async (request) => {
    if (request.path !== '/console' && !request.path.startsWith('/console/')) return undefined;
    const { headers, ...answer } = loopbackHost.test(headerOf(request.headers, 'host') ?? '')
      ? await answerTo(request, options)
      : textAnswer(403, 'The console answers to localhost only.');
    return { ...answer, headers: { ...headers, 'cache-control': 'no-store' } };
  };
}

async function answerTo(request: GatewayRequest, options: ConsoleOptions): Promise<Answer> {
  const { settings, services, simulatorUrl } = options;
  const { method, path, headers, body } = request;
  switch (`${method} ${path}`) {
    case 'GET /console':
    case 'GET /console/':
      return consolePage();
    case 'GET /console/exchanges':
      return jsonAnswer(200, { exchanges: options.log.exchanges });
    case 'GET /console/settings':
      return jsonAnswer(200, { ...settings, simulator: simulatorUrl !== undefined, services });
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
