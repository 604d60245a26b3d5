import type { FaxStore } from '../state/fax-store.ts';
import type { FaxDocuments, FaxQueue } from './ports.ts';

/** The settings of the outbox. */
export interface OutboxSettings {
  /** `OUTBOX`: with `off` new faxes are sent directly; faxes that wait already are sent nevertheless. */
  readonly takesFaxes: boolean;
  /** `OUTBOX_BUCKET` and `OUTBOX_QUEUE_URL`. */
  readonly bucket: string;
  readonly queueUrl: string;
  /** `OUTBOX_HOURS`: how long a fax may wait; 24 unless set. */
  readonly maxAgeMs: number;
  /** `OUTBOX_SETTLE_SECONDS`: how long an unclear fax is searched for before it is sent again; 120 unless set. */
  readonly settleMs: number;
}

/** The stores and the queue in which faxes wait until RingCentral has them. */
export interface Outbox {
  readonly settings: OutboxSettings;
  readonly faxes: FaxStore;
  readonly documents: FaxDocuments;
  readonly queue: FaxQueue;
}
