import type { E164 } from './phone.ts';

/** A recipient of a fax. The name is printed on the cover page. */
export interface FaxRecipient {
  readonly number: E164;
  readonly name: string | undefined;
}

/** One document of a fax. `bytes` is a view into the request body wherever possible. They are sent unchanged. */
export interface FaxDocument {
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/**
 * Which cover page to use: the user's own default, a page by RingCentral's `coverIndex` (0 is no cover page), or a
 * name. A name that is missing from the static list, in lower case, is looked up in RingCentral's cover-page dictionary.
 */
export type CoverPage =
  | { readonly kind: 'default' }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'named'; readonly name: string };

/** A fax to send. It has at least one recipient and one document. */
export interface FaxOrder {
  readonly recipients: readonly FaxRecipient[];
  readonly documents: readonly FaxDocument[];
  readonly cover: CoverPage;
  /** At most 1,024 UTF-16 units, RingCentral's limit. */
  readonly coverText: string | undefined;
  readonly resolution: 'High' | 'Low' | undefined;
  /** Epoch milliseconds; undefined means now. */
  readonly sendAtMs: number | undefined;
}
