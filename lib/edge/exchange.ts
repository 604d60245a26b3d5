import type { Deadline } from '../domain/deadline.ts';
import type { LegacyFailure } from '../domain/failure.ts';
import type { CommandName, Log, LogFields } from '../domain/ports.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Format, LegacyAnswer } from './answer.ts';
import type { LegacyRequest } from './event.ts';
import type { Form } from './form.ts';

/** A legacy request that is being served. */
export interface Exchange {
  readonly request: LegacyRequest;
  readonly form: Form;
  readonly format: Format;
  readonly runtime: Runtime;
  readonly deadline: Deadline;
  readonly log: Log;
  /** Adds fields to the request's log line. */
  addToLog(fields: LogFields): void;
}

/** A failed legacy request. */
export interface FailedRequest extends Pick<Exchange, 'form' | 'format'> {
  readonly failure: LegacyFailure;
  /** Undefined when creating it failed. */
  readonly runtime: Runtime | undefined;
}

/** A command of the old servers. */
export interface Command {
  readonly name: CommandName;
  /**
   * Whether web pages of other sites may use the command. Refused where the command acts for a user. Otherwise any page
   * that an employee opens could place calls, or send wrong passwords from the office's address.
   */
  readonly otherSites: 'served' | 'refused';
  /** Throws LegacyFailure for all known failures. */
  readonly serve: (exchange: Exchange) => Promise<LegacyAnswer>;
  /** Returns a better answer than the failure, or undefined when there is none. */
  readonly answerOnFailure?: (unserved: FailedRequest) => LegacyAnswer | undefined;
}
