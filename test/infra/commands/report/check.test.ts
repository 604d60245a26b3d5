import { shown } from '../../../../infra/commands/report/check.ts';

test.each([
  ['plain text', 'Enabled', 'Enabled'],
  ['nothing', undefined, '(nothing)'],
  ['an empty text', '', '(nothing)'],
  ['an object', { a: 1 }, '(nothing)'],
  ['control characters', '\u001b[2Jgone\n', '?[2Jgone?'],
  ['too much text', 'x'.repeat(70), `${'x'.repeat(60)}...`],
])('a text from another computer is shown safely: %s', (_, text, expected) => {
  expect(shown(text)).toBe(expected);
});
