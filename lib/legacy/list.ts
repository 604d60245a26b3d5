import type { ForwardingNumber } from '../domain/forwarding-number.ts';
import type { HomeCountry } from '../domain/phone.ts';
import { callBackNumbers } from './call-back-number.ts';
import { printNumber, readRingCentralNumber } from './phone-number.ts';

/**
 * The answer to `cmd=list`: `OK number;label;number;label`, from all forwarding numbers of the user. A client turns it
 * into a map from label to number, so there is always an even count of items, and labels are unique, never empty, and
 * hold no `;` or line end. Without any number it is `OK ` with the space.
 */
export function renderList(numbers: readonly ForwardingNumber[], homeCountry: HomeCountry): string {
  const uniqueLabel = makeLabelsUnique();
  const items: string[] = [];
  for (const { phoneNumber, label, type } of callBackNumbers(numbers)) {
    const number = readRingCentralNumber(phoneNumber ?? '', homeCountry);
    // What is listed must be accepted back as From, which an extension number, for one, would not be.
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

/** Gives the second of equal labels ` 2`, the third ` 3`, or the next one that is free. */
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
