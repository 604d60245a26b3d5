import type { ForwardingNumber } from '../domain/forwarding-number.ts';
import type { HomeCountry } from '../domain/phone.ts';
import { callBackNumbers } from './call-back-number.ts';
import { printNumber, readRingCentralNumber } from './phone-number.ts';

/**
 * Renders the answer to `cmd=list`: `OK number;label;number;label`, from all forwarding numbers of the user. A client
 * turns it into a map from label to number. So the count of items is always even, and labels are unique, never empty,
 * and free of `;` and line ends. Without any number the answer is `OK ` with the trailing space.
 */
export function renderList(numbers: readonly ForwardingNumber[], homeCountry: HomeCountry): string {
  const uniqueLabel = makeLabelsUnique();
  const items: string[] = [];
  for (const { phoneNumber, label, type } of callBackNumbers(numbers)) {
    const number = readRingCentralNumber(phoneNumber ?? '', homeCountry);
    // A listed number must be accepted back as From. An extension number, for example, would not be.
    if (number === undefined) continue;
    items.push(printNumber(number, homeCountry), uniqueLabel(cleanLabel(label) || cleanLabel(type) || 'Phone'));
  }
  return `OK ${items.join(';')}`;
}

function cleanLabel(label: string | undefined): string {
  return (label ?? '')
    .toWellFormed()
    .replaceAll(';', ',')
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .trim();
}

/** Returns a function that appends ` 2` to the second of equal labels, ` 3` to the third, or the next free number. */
function makeLabelsUnique(): (label: string) => string {
  const used = new Set<string>();
  const nextSuffix = new Map<string, number>();
  return (label) => {
    let unique = label;
    let suffix = nextSuffix.get(label) ?? 2;
    while (used.has(unique)) {
      unique = `${label} ${suffix}`;
      suffix += 1;
    }
    nextSuffix.set(label, suffix);
    used.add(unique);
    return unique;
  };
}
