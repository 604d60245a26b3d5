import { apiError, type Answer } from './answer.ts';
import { isObject } from './body.ts';
import type { RequestKind } from './route.ts';

/** An answer that replaces the real one. Without a body, it is RingCentral's usual error for that status. */
export interface StatusFault {
  readonly status: number;
  /** RingCentral's error code in the answer; default: the usual code of the status. */
  readonly errorCode?: string;
  /** Whether the request is still carried out and only its answer is replaced. */
  readonly carriedOut?: boolean;
  /** A string is sent unchanged, any other value as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
}

/** Requests that the simulator holds until a test releases them. */
export interface Hold {
  /** Resolves when all of them are being held. */
  readonly reached: Promise<void>;
  /** Lets them continue. */
  release(): void;
}

/**
 * A fault for a {@link Hold}. It delays a request before it is carried out, or delays its answer afterwards. Only for
 * tests in the same process.
 */
export interface HoldFault {
  readonly hold: 'request' | 'answer';
  /** Resolves when the hold is released. */
  readonly meet: () => Promise<void>;
}

/**
 * What goes wrong with a request. For each fault, docs/dev/simulator.md says whether the request is carried out. If it
 * is, the call is placed or the fax accepted, but the client cannot know it.
 */
export type Fault =
  | StatusFault
  | { readonly delayMs: number }
  | HoldFault
  | 'reset-before'
  | 'reset-after'
  | 'hang-before'
  | 'hang'
  | 'truncated'
  | 'not-json'
  | 'slow-body';

/** `any` matches every kind. */
export type FaultKind = RequestKind | 'any';

/** The faults that have no parameters. */
export const faultNames = [
  'reset-before',
  'reset-after',
  'hang-before',
  'hang',
  'truncated',
  'not-json',
  'slow-body',
] as const;
export const faultKinds: readonly FaultKind[] = [
  'token',
  'revoke',
  'ring-out',
  'status',
  'cancel',
  'forwarding-number',
  'fax',
  'message-list',
  'dictionary',
  'account',
  'any',
];

/** A fault that waits for requests. */
export interface ArmedFault {
  readonly kind: FaultKind;
  /** Its {@link faultName}. */
  readonly fault: string;
  /** Number of requests that still get it. */
  readonly left: number;
}

export interface FaultQueue {
  arm(kind: FaultKind, fault: Fault, times: number): void;
  /** Removes and returns the oldest fault armed for this kind of request. */
  take(kind: RequestKind): Fault | undefined;
  /** The armed faults, oldest first. */
  armed(): readonly ArmedFault[];
  disarm(): void;
}

export function createFaultQueue(): FaultQueue {
  let armed: { kind: FaultKind; fault: Fault; left: number }[] = [];
  return {
    arm(kind, fault, times) {
      armed.push({ kind, fault, left: times });
    },
    take(kind) {
      const next = armed.find((entry) => entry.kind === kind || entry.kind === 'any');
      if (next === undefined) return undefined;
      next.left -= 1;
      armed = armed.filter((entry) => entry.left > 0);
      return next.fault;
    },
    armed: () => armed.map(({ kind, fault, left }) => ({ kind, fault: faultName(fault), left })),
    disarm() {
      armed = [];
    },
  };
}

/** Returns a fault's name for the console and the records. */
export function faultName(fault: Fault): string {
  if (typeof fault === 'string') return fault;
  if ('hold' in fault) return `hold ${fault.hold}`;
  if ('delayMs' in fault) return `delay ${fault.delayMs} ms`;
  return `status ${fault.status}${fault.carriedOut === true ? ', carried out' : ''}`;
}

/** Creates a hold of `times` requests, and the fault that puts them on hold. */
export function createHold(hold: HoldFault['hold'], times: number): { hold: Hold; fault: HoldFault } {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let left = times;
  const meet = (): Promise<void> => {
    left -= 1;
    if (left === 0) reached.resolve();
    return released.promise;
  };
  return { hold: { reached: reached.promise, release: () => released.resolve() }, fault: { hold, meet } };
}

/** Builds the answer of a {@link StatusFault}. */
export function faultAnswer({ status, errorCode, body, headers = {}, contentType }: StatusFault): Answer {
  if (body === undefined) {
    const usual =
      errorCode === undefined ? usualError(status) : apiError(status, errorCode, errorMessages[errorCode] ?? '');
    return { ...usual, headers: { ...usual.headers, ...headers } };
  }
  return {
    status,
    headers: { 'content-type': contentType ?? 'application/json;charset=UTF-8', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** RingCentral's messages for codes that are not the usual one of a status. */
const errorMessages: Readonly<Record<string, string>> = {
  // Not a rate limit: an equal request is in progress, and no header says how long to wait.
  'CMN-304': 'Duplicate concurrent request. Try again later.',
};

function usualError(status: number): Answer {
  if (status === 429) return apiError(429, 'CMN-301', 'Request rate exceeded', {}, { 'retry-after': '60' });
  if (status === 401) return apiError(401, 'OAU-213', 'Token not found');
  if (status === 404) return apiError(404, 'CMN-102', 'Resource is not found');
  if (status === 503) return apiError(503, 'CMN-201', 'Service Temporary Unavailable');
  if (status >= 500) return apiError(status, 'CMN-203', 'Internal server error');
  return apiError(status, 'CMN-101', 'The request is invalid');
}

/** The error page of a proxy in front of RingCentral, for `not-json`. */
export const htmlPage: Answer = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>Please sign in</title><p>This is not RingCentral.</p>',
};

/** Parses `{kind, fault, times?}` from another process. Returns a text if something is wrong. */
export function readFaultOrder(value: unknown): { kind: FaultKind; fault: Fault; times: number } | string {
  if (!isObject(value)) return 'expected an object {kind, fault, times?}';
  const kind = faultKinds.find((known) => known === value['kind']);
  if (kind === undefined) return `kind must be one of ${faultKinds.join(', ')}`;
  const fault = readFault(value['fault']);
  if (fault === undefined) return `fault must be {status,…}, {delayMs} or one of ${faultNames.join(', ')}`;
  const times = value['times'] ?? 1;
  if (typeof times !== 'number' || !Number.isInteger(times) || times < 1) return 'times must be a whole number from 1';
  return { kind, fault, times };
}

function readFault(value: unknown): Fault | undefined {
  const named = faultNames.find((name) => name === value);
  if (named !== undefined) return named;
  if (!isObject(value)) return undefined;
  const { status, errorCode, carriedOut, delayMs, body, headers, contentType } = value;
  if (typeof delayMs === 'number' && delayMs >= 0) return { delayMs };
  if (errorCode !== undefined && typeof errorCode !== 'string') return undefined;
  if (carriedOut !== undefined && typeof carriedOut !== 'boolean') return undefined;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) return undefined;
  return {
    status,
    ...(errorCode !== undefined && { errorCode }),
    ...(carriedOut !== undefined && { carriedOut }),
    ...(body !== undefined && { body }),
    ...(isObject(headers) && {
      headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)])),
    }),
    ...(typeof contentType === 'string' && { contentType }),
  };
}
