import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonAnswer, textAnswer, type Answer } from './answer.ts';
import { isObject, type ParsedBody } from './body.ts';
import type { SimulatedFax } from './fax.ts';
import { readFaultOrder, type Fault, type FaultKind } from './faults.ts';
import { readMessageListSettings, type MessageListSettings } from './message-list.ts';
import { redacted, type ReceivedRequest } from './received.ts';
import type { SimulatedCall } from './ring-out.ts';

/** What the console and other processes may see and do. */
export interface Controls {
  readonly requests: readonly ReceivedRequest[];
  readonly calls: readonly SimulatedCall[];
  readonly faxes: readonly SimulatedFax[];
  nowMs(): number;
  failNext(kind: FaultKind, fault: Fault, times?: number): void;
  setLatency(ms: number): void;
  setMessageList(settings: Partial<MessageListSettings>): void;
  refuseConnections(ms: number): void;
  advanceClock(ms: number): void;
  revokeAllTokens(): void;
  reset(): void;
}

const shownRequests = 300;

/** What a page of another origin gets instead of the console's data and controls. */
export const refusedOrigin: Answer = textAnswer(403, 'The console does not serve pages of other origins.');

/** The page for people, read from disk each time so that it can be edited while it runs. */
export function consolePage(): Answer {
  return textAnswer(200, readFileSync(join(import.meta.dirname, 'console.html'), 'utf8'), 'text/html; charset=utf-8');
}

/** The simulator's own routes, as docs/dev/simulator.md describes them. Undefined for any other path. */
export function controlAnswer(method: string, path: string, body: ParsedBody, controls: Controls): Answer | undefined {
  const value = body.kind === 'json' ? body.value : undefined;
  switch (`${method} ${path}`) {
    case 'GET /':
      return consolePage();
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
      return path.startsWith('/__simulator/') || path === '/favicon.ico'
        ? textAnswer(404, 'no such control')
        : undefined;
  }
}

function stateOf(controls: Controls): unknown {
  return {
    nowMs: controls.nowMs(),
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
