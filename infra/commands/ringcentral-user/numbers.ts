import { asArray, asObject, asText, type Json } from '../../../lib/domain/untrusted.ts';
import type { ForwardingNumber } from '../../../lib/domain/forwarding-number.ts';
import type { User } from '../../../lib/domain/user.ts';
import { callBackNumbers } from '../../../lib/legacy/call-back-number.ts';
import { readRingCentralNumber } from '../../../lib/legacy/phone-number.ts';
import { maskNumber } from '../../../lib/domain/log-name.ts';
import { counted, failed, passed, shown, type Check } from '../report/check.ts';

/** Checks that at least one forwarding number is usable as call-back number, so that `list` is not empty. */
export function checkForwardingNumbers(numbers: readonly ForwardingNumber[], user: User): Check {
  const name = 'forwarding numbers';
  const usable = callBackNumbers(numbers).flatMap(({ phoneNumber }) => {
    const number = readRingCentralNumber(phoneNumber ?? '', user.homeCountry);
    return number === undefined ? [] : [number];
  });
  if (usable.length > 0) return passed(name, `${usable.length} usable as From: ${masked(usable)}`);
  return failed(
    name,
    `none of ${counted(numbers.length, 'number')} can be used as From`,
    "Give the user a forwarding number with call forwarding in RingCentral's settings; until then list is empty.",
  );
}

/** Reports the call-back number for calls without From. The secret's parser has already validated it. */
export function checkCallBackNumber({ callBackNumber }: User): Check {
  const detail =
    callBackNumber === undefined ? 'not set: the first forwarding number is used' : maskNumber(callBackNumber);
  return passed('call-back number', detail);
}

/** Lists the user's numbers that a program may send as `Clid`: RingCentral marks them with the feature `CallerId`. */
export function checkCallerIds(phoneNumbers: Json): Check {
  const name = 'caller ids';
  const usable = asArray(phoneNumbers['records']).flatMap((value): readonly string[] => {
    const record = asObject(value);
    const number = asText(record?.['phoneNumber']);
    return number !== undefined && asArray(record?.['features']).includes('CallerId') ? [number] : [];
  });
  if (usable.length > 0) return passed(name, `${usable.length} usable as Clid: ${masked(usable)}`);
  return failed(
    name,
    'no number of this user can be used as Clid',
    "Give the user a number with caller id in RingCentral's Admin Portal, or let the programs send no Clid.",
  );
}

const mostShown = 5;

function masked(numbers: readonly string[]): string {
  const parts = numbers.slice(0, mostShown).map((number) => shown(maskNumber(number)));
  return [...parts, ...(numbers.length > mostShown ? ['...'] : [])].join(', ');
}
