import { byId, show } from './elements.js';

/*
 * Lists of items, of which the newest are shown that the filter lets through.
 */

const mostShown = 50;

const digitsOf = (text) => text.replaceAll(/\D/g, '');

/** The digits that are looked for, without the country code of ten national digits; empty for any number. */
function wantedDigits() {
  const digits = digitsOf(byId('find-number').value);
  return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
}

/** The outbox keeps the last four digits of a number alone, behind a mask. */
function isOf(text, digits) {
  const own = digitsOf(text);
  return own.includes(digits) || (/^[*…]/.test(text) && digits.endsWith(own));
}

/** @param nothing what `<list>-note` says when there are no items at all */
export function showNewest(listId, items, nothing) {
  const digits = wantedDigits();
  const failedOnly = byId('failed-only').checked;
  const found = items.filter(
    ({ isFailed, numbers }) =>
      (!failedOnly || isFailed) && (digits === '' || numbers.some((text) => isOf(text, digits))),
  );
  const newest = found.toSorted((a, b) => b.atMs - a.atMs).slice(0, mostShown);
  show(byId(listId), newest);
  byId(`${listId}-note`).textContent =
    items.length === 0
      ? nothing
      : found.length === 0
        ? `None of ${items.length} is like that.`
        : found.length > mostShown
          ? `The newest ${mostShown} of ${found.length}.`
          : '';
}
