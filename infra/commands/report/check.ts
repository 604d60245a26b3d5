/** The result of one check. A failure or warning includes its remedy. */
export type Check =
  | { readonly name: string; readonly outcome: 'ok' | 'skipped'; readonly detail: string }
  | { readonly name: string; readonly outcome: 'failed' | 'warning'; readonly detail: string; readonly remedy: string };

/** Checks of one subject, such as one user. The title identifies it without a full phone number. */
export interface Section {
  readonly title: string;
  readonly checks: readonly Check[];
}

/** The check passed; `detail` says what was found. */
export const passed = (name: string, detail = ''): Check => ({ name, outcome: 'ok', detail });

/** The check failed: `detail` is the finding and `remedy` says what to do, in one or more lines. */
export const failed = (name: string, detail: string, remedy: string): Check => ({
  name,
  outcome: 'failed',
  detail,
  remedy,
});

/** It works but may not be intended: `detail` is the finding and `remedy` says what to do, in one or more lines. */
export const warned = (name: string, detail: string, remedy: string): Check => ({
  name,
  outcome: 'warning',
  detail,
  remedy,
});

/** The check was impossible or has no subject; `why` says which. */
export const skipped = (name: string, why: string): Check => ({ name, outcome: 'skipped', detail: why });

const longestShown = 60;

/**
 * Makes text from another computer safe to print. RingCentral's and AWS's texts are short and plain; any other text
 * could control the terminal's cursor.
 */
export function shown(text: unknown): string {
  if (typeof text !== 'string' || text === '') return '(nothing)';
  const plain = text.replaceAll(/[^\u0020-\u007e]/g, '?');
  return plain.length <= longestShown ? plain : `${plain.slice(0, longestShown)}...`;
}

/** `1 user`, `2 users`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
