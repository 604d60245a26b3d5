/** How long the same request again is the same call or fax, in milliseconds. 0: it is another one at once. */
export interface RepeatWindows {
  /** After a call was placed. */
  readonly callMs: number;
  /** After a fax was accepted. */
  readonly faxMs: number;
  /** After a request of which nobody knows whether it placed something. */
  readonly uncertainMs: number;
}
