import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonAnswer, textAnswer, type Answer } from './answer.ts';
import { isObject, type ParsedBody } from './body.ts';
import type { SimulatedFax } from './fax.ts';
import { readFaultOrder, type ArmedFault, type Fault, type FaultKind } from './faults.ts';
import { readMessageListSettings, type MessageListSettings } from './message-list.ts';
import type { LimitInUse } from './rate-limit.ts';
import { redacted, type ReceivedRequest } from './received.ts';
import type { SimulatedCall } from './ring-out.ts';

/** What the console and other processes may see and do. */
export interface Controls {
  /** Everything received, oldest first; control requests are left out. */
  readonly requests: readonly ReceivedRequest[];
  /** Calls as they stand now. */
  readonly calls: readonly SimulatedCall[];
  readonly faxes: readonly SimulatedFax[];
  nowMs(): number;
  /** By how much the simulator is ahead of its clock. */
  clockAheadMs(): number;
  /** What is left of the limits that were used. */
  limits(): readonly LimitInUse[];
  /** Lets the next `times` (default 1) requests of a kind meet a fault. Faults are met in the order they are armed. */
  failNext(kind: FaultKind, fault: Fault, times?: number): void;
  armedFaults(): readonly ArmedFault[];
  disarmFaults(): void;
  setLatency(ms: number): void;
  /** Changes some of what the message list does. */
  setMessageList(settings: Partial<MessageListSettings>): void;
  /**
   * Breaks every open connection and refuses new ones for so long, in real time. The own controls cannot be reached either. A
   * client that has kept a connection may first see it break.
   */
  refuseConnections(ms: number): void;
  /** Moves the simulator ahead of its clock: calls progress, tokens age, limits open. */
  advanceClock(ms: number): void;
  revokeAllTokens(): void;
  /** Forgets what was received, armed and changed, calls and faxes included. Tokens stay valid. */
  reset(): void;
}

const shownRequests = 300;

/** What a page of another origin gets instead of the console's data and controls. */
export const refusedOrigin: Answer = textAnswer(403, 'The console does not serve pages of other origins.');

const pageFolder = join(import.meta.dirname, 'console');
const pageTypes: Readonly<Record<string, string>> = { css: 'text/css', js: 'text/javascript' };

/**
 * The page for people, which finds its files below the path given. Read from disk each time so that it can be edited while it
 * runs.
 */
export function consolePage(filesPath: string): Answer {
  const page = readFileSync(join(pageFolder, 'page.html'), 'utf8').replaceAll('FILES', filesPath);
  return textAnswer(200, page, 'text/html; charset=utf-8');
}

/** A style sheet or script of the page; undefined for any other name. */
export function consoleFile(name: string): Answer | undefined {
  const type = pageTypes[/^[a-z-]+\.(css|js)$/.exec(name)?.[1] ?? ''];
  const file = join(pageFolder, name);
  return type !== undefined && existsSync(file)
    ? textAnswer(200, readFileSync(file, 'utf8'), `${type}; charset=utf-8`)
    : undefined;
}

/** The simulator's own routes, as docs/dev/simulator.md describes them. Undefined for any other path. */
export function controlAnswer(method: string, path: string, body: ParsedBody, controls: Controls): Answer | undefined {
  const value = body.kind === 'json' ? body.value : undefined;
  switch (`${method} ${path}`) {
    case 'GET /':
      return consolePage('/__simulator/page');
    case 'GET /__simulator/state':
      return jsonAnswer(200, stateOf(controls));
    case 'GET /__simulator/requests':
      return jsonAnswer(200, controls.requests.map(redacted));
    case 'POST /__simulator/faults': {
      const order = readFaultOrder(value);
      if (typeof order === 'string') return textAnswer(400, order);
      controls.failNext(order.kind, order.fault, order.times);
      return done();
    }
    case 'DELETE /__simulator/faults':
      controls.disarmFaults();
      return done();
    case 'POST /__simulator/latency':
      return withNumber(value, 'ms', (ms) => controls.setLatency(ms));
    case 'POST /__simulator/message-list': {
      const settings = readMessageListSettings(value);
      if (typeof settings === 'string') return textAnswer(400, settings);
      controls.setMessageList(settings);
      return done();
    }
    case 'POST /__simulator/outage':
      return withNumber(value, 'ms', (ms) => controls.refuseConnections(ms));
    case 'POST /__simulator/clock':
      return withNumber(value, 'advanceMs', (ms) => controls.advanceClock(ms));
    case 'POST /__simulator/revoke':
      controls.revokeAllTokens();
      return done();
    case 'POST /__simulator/reset':
      controls.reset();
      return done();
    default:
      if (method === 'GET' && path.startsWith('/__simulator/page/')) {
        const file = consoleFile(path.slice('/__simulator/page/'.length));
        if (file !== undefined) return file;
      }
      return path.startsWith('/__simulator/') || path === '/favicon.ico'
        ? textAnswer(404, 'no such control')
        : undefined;
  }
}

function stateOf(controls: Controls): unknown {
  return {
    nowMs: controls.nowMs(),
    clockAheadMs: controls.clockAheadMs(),
    limits: controls.limits(),
    faults: controls.armedFaults(),
    calls: controls.calls,
    faxes: controls.faxes.map((fax) => ({
      ...fax,
      documents: fax.documents.map(({ fileName, contentType, bytes }) => ({
        fileName,
        contentType,
        sizeBytes: bytes.length,
      })),
    })),
    requests: controls.requests.slice(-shownRequests).map(redacted),
  };
}

function withNumber(value: unknown, name: string, act: (number: number) => void): Answer {
  const number = isObject(value) ? value[name] : undefined;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) {
    return textAnswer(400, `expected {"${name}": milliseconds}`);
  }
  act(number);
  return done();
}

function done(): Answer {
  return jsonAnswer(200, { done: true });
}
