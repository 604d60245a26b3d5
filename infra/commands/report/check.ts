/** One thing that was looked at. What failed, or may be meant otherwise, comes with what to do about it. */
export type Check =
  | { readonly name: string; readonly outcome: 'ok' | 'skipped'; readonly detail: string }
  | { readonly name: string; readonly outcome: 'failed' | 'warning'; readonly detail: string; readonly remedy: string };

/** Checks of one subject, such as one user; the title names it without giving away a whole phone number. */
export interface Section {
  readonly title: string;
  readonly checks: readonly Check[];
}

/** In order; `detail` says what was found. */
export const passed = (name: string, detail = ''): Check => ({ name, outcome: 'ok', detail });

/** Wrong: `detail` says what, `remedy` what to do about it, in one line or more. */
export const failed = (name: string, detail: string, remedy: string): Check => ({
  name,
  outcome: 'failed',
  detail,
  remedy,
});

/** Works, and is perhaps not what was meant: `detail` says what, `remedy` what to do about it, in one line or more. */
export const warned = (name: string, detail: string, remedy: string): Check => ({
  name,
  outcome: 'warning',
  detail,
  remedy,
});

/** Could not be looked at, or there is nothing to look at; `why` says which. */
export const skipped = (name: string, why: string): Check => ({ name, outcome: 'skipped', detail: why });

const longestShown = 60;

/**
 * Text that came from another computer, as it may be printed: RingCentral's and AWS's words are short and plain, and
 * anything else could move the cursor of a terminal.
 */
export function shown(text: unknown): string {
  if (typeof text !== 'string' || text === '') return '(nothing)';
  const plain = text.replaceAll(/[^\u0020-\u007e]/g, '?');
  return plain.length <= longestShown ? plain : `${plain.slice(0, longestShown)}...`;
}

/** `1 user`, `2 users`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
