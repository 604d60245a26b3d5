import type { SessionView } from '../domain/ring-out.ts';
import { statusGroups, type Digit } from './status-digits.ts';

/** What the page shows: a session (`view` is undefined when there is none), or a failure. */
export type StatusPageContent =
  { readonly echo: string; readonly view: SessionView | undefined } | { readonly failure: string };

const words: Readonly<Record<Digit, string>> = {
  0: 'Success',
  1: 'In Progress',
  2: 'Busy',
  3: 'No Answer',
  4: 'Rejected',
  5: 'Generic Error',
  6: 'Finished',
  7: 'International calls disabled',
  8: 'Destination number prohibited',
};

/**
 * Renders the answer to `cmd=status` with `format=html`: a small page with the status in words, for a frame that its
 * owner reloads. `css` is the address of a style sheet as sent. It is linked only if it is an absolute http or https
 * address. All values from outside are escaped, and there is no script.
 */
export function renderStatusHtml(content: StatusPageContent, css: string | undefined): string {
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<title>RingOut status</title>',
    ...styleSheetLink(css),
    '</head>',
    '<body>',
    ...('failure' in content ? [`<p class="failure">${escapeHtml(content.failure)}</p>`] : describeSession(content)),
    '</body>',
    '</html>',
  ].join('\n');
}

function describeSession({ echo, view }: { echo: string; view: SessionView | undefined }): readonly string[] {
  const session = `<p class="session">RingOut session ${escapeHtml(echo)}</p>`;
  const groups = statusGroups(view);
  if (groups === undefined) return [session, '<p class="general">The call is over</p>'];
  return [
    session,
    `<p class="general">${words[groups.general]}</p>`,
    '<dl>',
    `<dt>Destination ${escapeHtml(groups.to)}</dt>`,
    `<dd class="destination">${words[groups.destination]}</dd>`,
    `<dt>Call-back ${escapeHtml(groups.from)}</dt>`,
    `<dd class="call-back">${words[groups.callBack]}</dd>`,
    '</dl>',
  ];
}

function styleSheetLink(css: string | undefined): readonly string[] {
  const url = css === undefined ? null : URL.parse(css);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return [];
  return [`<link rel="stylesheet" href="${escapeHtml(url.href)}">`];
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities.get(character) ?? '');
}
