import type { ForwardingNumber } from '../../lib/domain/forwarding-number.ts';

/** A forwarding number as RingCentral lists it, by default usable as From. */
export function forwarding(
  phoneNumber: string | undefined,
  label?: string,
  { type, features = ['CallFlip', 'CallForwarding'] }: { type?: string; features?: readonly string[] } = {},
): ForwardingNumber {
  return { phoneNumber, label, type, features, record: { phoneNumber, label } };
}
