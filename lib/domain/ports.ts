import type { FailureCode } from './failure.ts';

/** Time and randomness, passed in so that tests can control both. */
export interface Clock {
  /** Epoch milliseconds by the wall clock: a frozen Lambda container wakes up with the true time. */
  nowMs(): number;
  /** Milliseconds since some fixed moment, for durations: setting the wall clock does not change them. */
  elapsedMs(): number;
  sleep(ms: number): Promise<void>;
  /**
   * Returns a signal that aborts after `ms` milliseconds, with a `TimeoutError` as its reason. It aborts at once when
   * no time is left.
   */
  signal(ms: number): AbortSignal;
  /** A number in [0, 1), for jitter only: secrets and session ids use the operating system's generator. */
  random(): number;
}

/** Fields of one log line. Values are logged unchanged: never put a secret or a full phone number here. */
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Structured log with one line for each call. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Returns the same log with these fields on every line. */
  with(fields: LogFields): Log;
}

/** Metrics without any dimension of their own. CloudWatch bills each name, so the list is closed. */
export type PlainMetric =
  | 'UpstreamMs'
  | 'UpstreamFailures'
  | 'UpstreamThrottled'
  | 'Grants'
  | 'GrantFailures'
  | 'LeaseWaits'
  | 'RefreshSucceeded'
  | 'RefreshFailed'
  | 'TokenAgeSeconds'
  | 'TokensPastMargin'
  | 'JwtsEndingSoon'
  | 'StateFailures'
  | 'SecretFailures'
  | 'UnknownSessions'
  | 'SessionsLost'
  | 'RepeatsJoined'
  | 'FaxesSent'
  | 'FaxesUnclear'
  | 'FaxesGivenUp'
  | 'FailuresToActOn';

/** The commands metrics are counted by; `unknown` covers requests that name none. */
export type CommandName = 'list' | 'call' | 'status' | 'cancel' | 'fax' | 'unknown';

/** The metrics that alarms and the dashboard use; `infra/metrics.ts` lists the same names. */
export interface Metrics {
  /** Adds to a metric that has no dimension. Names that end in `Ms` or `Seconds` are values, the others counts. */
  add(name: PlainMetric, value?: number): void;
  /** Counts one answered legacy request. */
  answered(command: CommandName, durationMs: number): void;
  /** Counts one failed request. A failure that an operator must act on is added to `FailuresToActOn` as well. */
  failed(code: FailureCode): void;
  /** Writes the collected metrics. Called once at the end of each invocation. */
  flush(): void;
}
