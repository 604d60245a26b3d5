import { array, assert, constantFrom, nat, property } from 'fast-check';
import { jsonMistakes } from '../../../infra/secret-document/json-mistake.ts';

const brackets = 'a comma too many before the closing bracket: leave it out';
const comment = 'a comment: JSON has none, leave it out';
const typographic = 'a typographic quotation mark: replace it with "';
const unknownWord = 'a word that JSON does not know: names and texts stand in double quotation marks';
const noValue = 'a value should be here: a text in double quotation marks, a list, an object or null';

test.each([
  ['', 1, 1, 'the document is empty'],
  [' \n', 1, 1, 'the document is empty'],
  ['\uFEFF{}', 1, 1, 'a byte order mark: save the document as UTF-8 without one'],
  [
    Buffer.from('\uFEFF{"a":1}', 'utf16le').toString('utf8'),
    1,
    1,
    'the document is in UTF-16: save it as UTF-8 without a byte order mark',
  ],
  [
    Buffer.from('{"a":1}', 'utf16le').swap16().toString('utf8'),
    1,
    1,
    'the document is in UTF-16: save it as UTF-8 without a byte order mark',
  ],
  [
    Buffer.from('{\n"a":"K\xf6nig"}', 'latin1').toString('utf8'),
    2,
    7,
    'a character that is not UTF-8: save the document as UTF-8',
  ],
  ['{"a": 1,}', 1, 9, brackets],
  ['{"a": [1,\r\n  2,\r\n]}', 3, 1, brackets],
  ['{"a": 1,, "b": 2}', 1, 9, 'a comma too many: leave it out'],
  ['{\n  // demo\n  "a": 1}', 2, 3, comment],
  ['{"a": 1 /* demo */}', 1, 9, comment],
  ['# demo\n{}', 1, 1, comment],
  ["{'a': 1}", 1, 2, 'a single quotation mark: JSON knows the double one (") only'],
  ['{"a": \'x\'}', 1, 7, 'a single quotation mark: JSON knows the double one (") only'],
  ['{“a”: 1}', 1, 2, typographic],
  ['{"a": „x“}', 1, 7, typographic],
  ['{"a": 1 "b": 2}', 1, 9, 'a comma is missing before this'],
  ['{"a" 1}', 1, 6, 'a colon is missing before this'],
  ['{a: 1}', 1, 2, unknownWord],
  ['{"a": True}', 1, 7, unknownWord],
  ['{"a": "x"y"}', 1, 10, unknownWord],
  ['{"a":\u00a01}', 1, 6, 'a no-break space: replace it with a space'],
  ['{"a": }', 1, 7, noValue],
  ['{"a": "x', 1, 7, 'a text without its closing quotation mark, which must stand on the same line'],
  ['{"a": "x\n"}', 1, 7, 'a text without its closing quotation mark, which must stand on the same line'],
  ['{"a": "C:\\path"}', 1, 7, 'a backslash that begins no escape of JSON: write it twice'],
  ['{"a": "\tx"}', 1, 7, 'a tab or another control character inside a text: write \\t for a tab'],
  ['{"a": [1', 1, 9, 'a closing bracket is missing: the document is cut short'],
  ['{"a": 1}}', 1, 9, 'there is more text after the end of the document'],
  ['{"jwt": 1,\n "jwt": 2}', 2, 2, 'a name that stands in this object twice: only one counts'],
])('%j: line %i, column %i, %s', (text, line, column, what) => {
  expect(jsonMistakes(text)).toEqual([{ place: `line ${line}, column ${column}`, what }]);
});

test('deep nesting is refused', () => {
  for (const text of ['['.repeat(60_000), `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`]) {
    expect(jsonMistakes(text)).toEqual([
      { place: expect.stringMatching(/^line 1, /) as string, what: 'lists and objects nested too deeply' },
    ]);
  }
});

test('the same name in two objects is no mistake', () => {
  expect(jsonMistakes('{"a": {"b": 1}, "c": [{"b": 1}, {"b": 2}], "b": null}')).toEqual([]);
});

test('finds a mistake in a changed document exactly when JSON.parse throws', () => {
  const document = JSON.stringify({ a: [1, 'x', null], b: { c: true } }, undefined, 1);
  const marks = constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    "'",
    '/',
    '*',
    '#',
    '\\',
    'a',
    '0',
    '-',
    '.',
    '\n',
    '\t',
  );
  assert(
    property(nat(document.length), nat(2), array(marks, { maxLength: 3 }), (at, removed, added) => {
      const text = document.slice(0, at) + added.join('') + document.slice(at + removed);
      const isReadable = (() => {
        try {
          JSON.parse(text);
          return true;
        } catch {
          return false;
        }
      })();
      const found = jsonMistakes(text).filter(({ what }) => !what.startsWith('a name that stands'));
      expect([text, found.length]).toEqual([text, isReadable ? 0 : 1]);
    }),
    { numRuns: 2000 },
  );
});
