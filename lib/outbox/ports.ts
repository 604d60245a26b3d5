import type { FaxOrder } from '../domain/fax.ts';

/** The documents of the outbox cannot be stored, read or deleted now. The state of the object is unknown. */
export class DocumentsUnavailable extends Error {
  constructor(cause: unknown) {
    super(`the bucket of the outbox cannot be used: ${cause instanceof Error ? cause.name : 'unknown error'}`, {
      cause,
    });
    this.name = 'DocumentsUnavailable';
  }
}

/** The queue failed: a message may or may not have been sent. */
export class QueueUnavailable extends Error {
  constructor(cause: unknown) {
    super(`the queue of the outbox cannot be used: ${cause instanceof Error ? cause.name : 'unknown error'}`, {
      cause,
    });
    this.name = 'QueueUnavailable';
  }
}

/** Stores faxes until RingCentral has them. Methods throw {@link DocumentsUnavailable}. */
export interface FaxDocuments {
  put(id: string, order: FaxOrder): Promise<void>;
  /** Returns undefined when the fax is missing or unreadable. */
  get(id: string): Promise<FaxOrder | undefined>;
  delete(id: string): Promise<void>;
}

/** The queue of waiting faxes, with one message group for each user. Methods throw {@link QueueUnavailable}. */
export interface FaxQueue {
  /** @param round how often the fax was moved to the end of its group; each round is a separate message */
  send(id: string, userKey: string, round: number): Promise<void>;
  /** Hides a message for `seconds`; it blocks its group until then. */
  delay(receiptHandle: string, seconds: number): Promise<void>;
}
