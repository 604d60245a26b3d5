import type { ForwardingNumber } from '../domain/forwarding-number.ts';
import type { E164, HomeCountry } from '../domain/phone.ts';
import { readRingCentralNumber } from './phone-number.ts';

/** RingCentral's feature name for a forwarding number that may be used as call-back number. */
const callBackFeature = 'CallForwarding';

/** Returns the forwarding numbers that may be used as `From`, in RingCentral's order. */
export function callBackNumbers(numbers: readonly ForwardingNumber[]): readonly ForwardingNumber[] {
  return numbers.filter(({ features }) => features.includes(callBackFeature));
}

/** Returns the first number that can be used as `From`, for a call that names none; undefined when there is none. */
export function callBackNumber(numbers: readonly ForwardingNumber[], homeCountry: HomeCountry): E164 | undefined {
  for (const { phoneNumber } of callBackNumbers(numbers)) {
    const number = readRingCentralNumber(phoneNumber ?? '', homeCountry);
    if (number !== undefined) return number;
  }
  return undefined;
}
