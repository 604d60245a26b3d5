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

/** What the console and other processes may read and change in the simulator. */
export interface Controls {
  /** The received requests, oldest first, without control requests. */
  readonly requests: readonly ReceivedRequest[];
  /** The calls with their current status. */
  readonly calls: readonly SimulatedCall[];
  readonly faxes: readonly SimulatedFax[];
  nowMs(): number;
  /** The milliseconds by which the simulator is ahead of its clock. */
  clockAheadMs(): number;
  /** The rate limits that were used, with the requests that are left of each. */
  limits(): readonly LimitInUse[];
  /** Arms a fault for the next `times` (default 1) requests of a kind. Faults apply in the order of arming. */
  failNext(kind: FaultKind, fault: Fault, times?: number): void;
  armedFaults(): readonly ArmedFault[];
  disarmFaults(): void;
  setLatency(ms: number): void;
  /** Changes the given settings of the message list and keeps the others. */
  setMessageList(settings: Partial<MessageListSettings>): void;
  /**
   * Breaks every open connection and refuses new ones for `ms` milliseconds of real time, also those to the simulator's
   * controls. A client with a kept-alive connection may first see a reset.
   */
  refuseConnections(ms: number): void;
  /** Moves the simulator's time ahead by `ms` milliseconds: calls progress, tokens expire, rate limits open again. */
  advanceClock(ms: number): void;
  revokeAllTokens(): void;
  /** Deletes requests, calls, faxes and armed faults. Resets clock, limits and settings. Tokens stay valid. */
  reset(): void;
}

const shownRequests = 300;

/** The answer to a page of another origin that requests the console's data or controls. */
export const refusedOrigin: Answer = textAnswer(403, 'The console does not serve pages of other origins.');

const pageFolder = join(import.meta.dirname, 'console');
const pageTypes: Readonly<Record<string, string>> = { css: 'text/css', js: 'text/javascript' };

/**
 * Returns the console's page, which loads its style sheet and scripts from `filesPath`. Reads the file for each request,
 * so that edits need no restart.
 */
export function consolePage(filesPath: string): Answer {
  const page = readFileSync(join(pageFolder, 'page.html'), 'utf8').replaceAll('FILES', filesPath);
  return textAnswer(200, page, 'text/html; charset=utf-8');
}

/** Returns a style sheet or script of the page; undefined for any other name. */
export function consoleFile(name: string): Answer | undefined {
  const type = pageTypes[/^[a-z-]+\.(css|js)$/.exec(name)?.[1] ?? ''];
  const file = join(pageFolder, name);
  return type !== undefined && existsSync(file)
    ? textAnswer(200, readFileSync(file, 'utf8'), `${type}; charset=utf-8`)
    : undefined;
}

/** Serves the simulator's own routes, which docs/dev/simulator.md describes. Returns undefined for any other path. */
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
