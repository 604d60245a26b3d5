import { byId, show } from './elements.js';

/*
 * Lists that show the newest items that match the filter.
 */

const mostShown = 50;

const digitsOf = (text) => text.replaceAll(/\D/g, '');

/** Returns the digits of the filter, without the leading 1 of a US number; empty if every number matches. */
function wantedDigits() {
  const digits = digitsOf(byId('find-number').value);
  return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
}

/** Whether a text contains the digits. For a number that the outbox has masked, compares only its last four digits. */
function matches(text, digits) {
  const own = digitsOf(text);
  return own.includes(digits) || (/^[*…]/.test(text) && digits.endsWith(own));
}

/** Shows the newest items that match the filter. `<listId>-note` shows `nothing` if there are no items at all. */
export function showNewest(listId, items, nothing) {
  const digits = wantedDigits();
  const failedOnly = byId('failed-only').checked;
  const found = items.filter(
    ({ isFailed, numbers }) =>
      (!failedOnly || isFailed) && (digits === '' || numbers.some((text) => matches(text, digits))),
  );
  const newest = found.toSorted((a, b) => b.atMs - a.atMs).slice(0, mostShown);
  show(byId(listId), newest);
  byId(`${listId}-note`).textContent =
    items.length === 0
      ? nothing
      : found.length === 0
        ? `None of ${items.length} matches.`
        : found.length > mostShown
          ? `The newest ${mostShown} of ${found.length}.`
          : '';
}
