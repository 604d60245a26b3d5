import * as fc from 'fast-check';
import { renderStatusHtml } from '../../lib/legacy/status-html.ts';
import { live, sessionView } from './session-view.ts';

const talking = { echo: '123456789', view: sessionView(live('Success', 'Success', 'InProgress')) };

describe('the status page', () => {
  test('shows a live call in words', () => {
    expect(renderStatusHtml(talking, 'https://demo.example/a.css?b=1&c=2')).toBe(
      [
        '<!DOCTYPE html>',
        '<html lang="en">',
        '<head>',
        '<meta charset="utf-8">',
        '<title>RingOut status</title>',
        '<link rel="stylesheet" href="https://demo.example/a.css?b=1&amp;c=2">',
        '</head>',
        '<body>',
        '<p class="session">RingOut session 123456789</p>',
        '<p class="general">Success</p>',
        '<dl>',
        '<dt>Destination +16505551230</dt>',
        '<dd class="destination">In Progress</dd>',
        '<dt>Call-back +16505553711</dt>',
        '<dd class="call-back">Success</dd>',
        '</dl>',
        '</body>',
        '</html>',
      ].join('\n'),
    );
  });

  test.each([
    ['Success', 'Success'],
    ['InProgress', 'In Progress'],
    ['Busy', 'Busy'],
    ['NoAnswer', 'No Answer'],
    ['Rejected', 'Rejected'],
    ['GenericError', 'Generic Error'],
    ['Finished', 'Finished'],
    ['InternationalDisabled', 'International calls disabled'],
    ['DestinationBlocked', 'Destination number prohibited'],
  ])('says %s as %s', (status, words) => {
    const view = sessionView(live('InProgress', 'InProgress', status));
    expect(renderStatusHtml({ echo: '1', view }, undefined)).toContain(`<dd class="destination">${words}</dd>`);
  });

  test.each([
    ['unknown', undefined],
    ['gone', sessionView({ kind: 'gone' })],
  ])('says that the call is over when the session is %s', (_, view) => {
    const page = renderStatusHtml({ echo: '123456789', view }, undefined);
    expect(page).toContain('<p class="general">The call is over</p>');
    expect(page).not.toContain('<dl>');
  });

  test('shows a failure, escaped', () => {
    const page = renderStatusHtml({ failure: `FAILED <b>"it's" & so</b>` }, undefined);
    expect(page).toContain('<p class="failure">FAILED &lt;b&gt;&quot;it&#39;s&quot; &amp; so&lt;/b&gt;</p>');
  });

  test.each([
    ['http://demo.example/a.css', 'http://demo.example/a.css'],
    ['HTTPS://demo.example/a"b\'.css', 'https://demo.example/a%22b&#39;.css'],
    ['https://demo.example/"><script>', 'https://demo.example/%22%3E%3Cscript%3E'],
  ])('links the style sheet %s', (css, href) => {
    expect(renderStatusHtml(talking, css)).toContain(`<link rel="stylesheet" href="${href}">`);
  });

  test.each([
    undefined,
    '',
    'a.css',
    '/a.css',
    '//demo.example/a.css',
    'javascript:alert(1)',
    'data:text/css,a',
    'ftp://demo.example/a.css',
    'https://',
    '"><script>alert(1)</script>',
  ])('does not link %j', (css) => {
    expect(renderStatusHtml(talking, css)).not.toContain('<link');
  });

  test('has an empty line when no style sheet is linked', () => {
    expect(renderStatusHtml({ failure: 'FAILED' }, 'a.css')).toBe(
      [
        '<!DOCTYPE html>',
        '<html lang="en">',
        '<head>',
        '<meta charset="utf-8">',
        '<title>RingOut status</title>',
        '</head>',
        '<body>',
        '<p class="failure">FAILED</p>',
        '</body>',
        '</html>',
      ].join('\n'),
    );
  });

  test('every value is escaped', () => {
    const hostile = fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'script', ' ', '/', 'x') });
    fc.assert(
      fc.property(hostile, hostile, hostile, (echo, failure, path) => {
        for (const content of [{ echo, view: talking.view }, { failure }]) {
          const page = renderStatusHtml(content, `https://demo.example/${path}`);
          const tags = page.match(/<[^>]*>/g)?.map((tag) => /^<\/?!?(\w+)/.exec(tag)?.[1]);
          const inside = 'failure' in content ? 'p p' : 'p p p p dl dt dt dd dd dt dt dd dd dl';
          expect(tags?.join(' ')).toBe(`DOCTYPE html head meta title title link head body ${inside} body html`);
        }
      }),
    );
  });
});
