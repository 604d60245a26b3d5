import type { Deadline } from '../domain/deadline.ts';
import type { LegacyFailure } from '../domain/failure.ts';
import type { CommandName, Log, LogFields } from '../domain/ports.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Format, LegacyAnswer } from './answer.ts';
import type { LegacyRequest } from './event.ts';
import type { Form } from './form.ts';

/** One legacy request while it is being served. */
export interface Exchange {
  readonly request: LegacyRequest;
  readonly form: Form;
  readonly format: Format;
  readonly runtime: Runtime;
  readonly deadline: Deadline;
  readonly log: Log;
  /** Adds to the one line that is logged about this request. */
  addToLog(fields: LogFields): void;
}

/** A request that a command could not serve. */
export interface FailedRequest extends Pick<Exchange, 'form' | 'format'> {
  readonly failure: LegacyFailure;
  /** undefined when it could not even be put together. */
  readonly runtime: Runtime | undefined;
}

/** One command of the old servers. */
export interface Command {
  readonly name: CommandName;
  /**
   * Whether a web page of another site may ask for this. Not where the command acts for a user: any page that an employee
   * opens could place calls, or send wrong passwords from the office's address.
   */
  readonly otherSites: 'served' | 'refused';
  /** Throws LegacyFailure for everything that can go wrong in a known way. */
  readonly serve: (exchange: Exchange) => Promise<LegacyAnswer>;
  /** For a command that has something better to say than its failure; undefined if it has not this time. */
  readonly answerOnFailure?: (unserved: FailedRequest) => LegacyAnswer | undefined;
}
