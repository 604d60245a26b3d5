/**
 * Deduplication windows in milliseconds. Within a window, an equal request counts as the same call or fax. 0 turns
 * deduplication off.
 */
export interface RepeatWindows {
  /** After a call was placed. */
  readonly callMs: number;
  /** After a fax was accepted. */
  readonly faxMs: number;
  /** After a request with an unknown outcome. */
  readonly uncertainMs: number;
}
