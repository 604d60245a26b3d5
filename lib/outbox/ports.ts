import type { FaxOrder } from '../domain/fax.ts';

/** The documents of the outbox cannot be stored, read or deleted now: nothing is known of the object. */
export class DocumentsUnavailable extends Error {
  constructor(cause: unknown) {
    super(`the bucket of the outbox cannot be used: ${cause instanceof Error ? cause.name : 'unknown error'}`, {
      cause,
    });
    this.name = 'DocumentsUnavailable';
  }
}

/** A message may or may not have been sent. */
export class QueueUnavailable extends Error {
  constructor(cause: unknown) {
    super(`the queue of the outbox cannot be used: ${cause instanceof Error ? cause.name : 'unknown error'}`, {
      cause,
    });
    this.name = 'QueueUnavailable';
  }
}

/** Where faxes are kept until RingCentral has them. Methods throw {@link DocumentsUnavailable}. */
export interface FaxDocuments {
  put(id: string, order: FaxOrder): Promise<void>;
  /** Undefined for a fax that is not there, or that cannot be read. */
  get(id: string): Promise<FaxOrder | undefined>;
  delete(id: string): Promise<void>;
}

/** The queue of waiting faxes, one group a user. Methods throw {@link QueueUnavailable}. */
export interface FaxQueue {
  /** @param round how often the fax was moved to the end of its group: each time is another message */
  send(id: string, userKey: string, round: number): Promise<void>;
  /** Lets a message come again after so many seconds; it holds up its group until then. */
  delay(receiptHandle: string, seconds: number): Promise<void>;
}
