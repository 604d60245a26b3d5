import type { ServerResponse } from 'node:http';
import type { Answer } from '../../test/simulator/answer.ts';
import { jsonAnswer, textAnswer } from '../../test/simulator/answer.ts';
import { consolePage } from '../../test/simulator/console.ts';
import { headerOf, type ExchangeLog } from './exchanges.ts';
import type { ReceivedHttpRequest } from './proxy-event.ts';

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

/**
 * The console below `/console`: the page, the legacy exchanges, and the simulator's controls passed on. Resolves with
 * false for any other path. Answers only to the loopback host names, so that no page of another site can read along
 * by pointing a name of its own at this computer.
 */
export function consoleRoutes(
  options: ConsoleOptions,
): (request: ReceivedHttpRequest, response: ServerResponse) => Promise<boolean> {
  return async (request, response) => {
    const path = URL.parse(`http://localhost${request.target}`)?.pathname ?? '/';
    if (path !== '/console' && !path.startsWith('/console/')) return false;
    const { status, headers, body } = loopbackHost.test(headerOf(request, 'host'))
      ? await answerTo(request, path, options)
      : textAnswer(403, 'The console answers to localhost only.');
    response.writeHead(status, { ...headers, 'cache-control': 'no-store' }).end(body);
    return true;
  };
}

async function answerTo(request: ReceivedHttpRequest, path: string, options: ConsoleOptions): Promise<Answer> {
  const { settings, services, simulatorUrl } = options;
  switch (`${request.method} ${path}`) {
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
    method: request.method,
    headers: { 'content-type': headerOf(request, 'content-type') },
    ...(request.body.length > 0 && { body: new Uint8Array(request.body) }),
  });
  return textAnswer(passedOn.status, await passedOn.text(), passedOn.headers.get('content-type') ?? 'text/plain');
}
