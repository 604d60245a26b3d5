/** One of the user's forwarding numbers, as RingCentral lists it; `record` is the untouched REST record. */
export interface ForwardingNumber {
  readonly phoneNumber: string | undefined;
  readonly label: string | undefined;
  readonly type: string | undefined;
  readonly features: readonly string[];
  readonly record: Readonly<Record<string, unknown>>;
}
