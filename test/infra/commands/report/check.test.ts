import { shown } from '../../../../infra/commands/report/check.ts';

test.each([
  ['plain text', 'Enabled', 'Enabled'],
  ['nothing', undefined, '(nothing)'],
  ['an empty text', '', '(nothing)'],
  ['something that is no text', { a: 1 }, '(nothing)'],
  ['what would move a cursor', '\u001b[2Jgone\n', '?[2Jgone?'],
  ['too much text', 'x'.repeat(70), `${'x'.repeat(60)}...`],
])("another computer's word is shown safely: %s", (_, text, expected) => {
  expect(shown(text)).toBe(expected);
});
