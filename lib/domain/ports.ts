import type { FailureCode } from './failure.ts';

/** Time and chance, passed in so that tests can own both. */
export interface Clock {
  /** Epoch milliseconds by the wall clock: a frozen Lambda container wakes up with the true time. */
  nowMs(): number;
  /** Milliseconds since some fixed moment, for durations: setting the wall clock does not change them. */
  elapsedMs(): number;
  sleep(ms: number): Promise<void>;
  /** Aborts after so many milliseconds, with a `TimeoutError` for its reason; at once if there are none left. */
  signal(ms: number): AbortSignal;
  /** A number in [0, 1), for jitter only: secrets and session ids use the operating system's generator. */
  random(): number;
}

/** What one log line may carry. Values are logged as they are: never put a secret or a full phone number here. */
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Structured log lines, one for each call. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same log with these fields on every line. */
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

/** What alarms and the dashboard see; `infra/metrics.ts` lists the same names. */
export interface Metrics {
  /** Adds to a metric that has no dimension. Names that end in `Ms` or `Seconds` are values, the others counts. */
  add(name: PlainMetric, value?: number): void;
  /** One answered legacy request. */
  answered(command: CommandName, durationMs: number): void;
  /** One failed request; one that somebody has to look at is added to `FailuresToActOn` as well. */
  failed(code: FailureCode): void;
  /** Writes what was collected; called once at the end of each invocation. */
  flush(): void;
}
