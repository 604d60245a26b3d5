import * as fc from 'fast-check';
import { mergeFields, repeatedFieldName } from '../../lib/legacy/fields.ts';
import type { FieldPair } from '../../lib/legacy/fields.ts';

describe('one value of a field', () => {
  test.each<[string, FieldPair[], FieldPair[], string[], string | undefined]>([
    ['is found in the body', [['To', '1']], [], ['To'], '1'],
    ['is found in the query', [], [['To', '1']], ['To'], '1'],
    ['is found whatever the case of its name', [['SESSIONID', '1']], [], ['SessionId'], '1'],
    ['is found under a name with blanks around it', [[' To ', '1']], [], ['To'], '1'],
    ['comes from the body before the query', [['to', 'body']], [['To', 'query']], ['To'], 'body'],
    [
      'is the first of several',
      [
        ['cmd', 'call'],
        ['cmd', 'list'],
      ],
      [],
      ['cmd'],
      'call',
    ],
    ['is trimmed', [['To', ' \t1 2\r\n']], [], ['To'], '1 2'],
    ['has no NULs behind it', [['To', '1\0\0']], [], ['To'], '1'],
    ['has no NULs and white space behind it', [['To', '1 \0\r\n\0 ']], [], ['To'], '1'],
    ['keeps the NULs in it', [['To', '\x001\x002\0']], [], ['To'], '\x001\x002'],
    ['is not one of NULs only', [['To', '\0']], [['To', '2\0']], ['To'], '2'],
    ['has no byte order mark', [['To', '\uFEFF1']], [], ['To'], '1'],
    ['is found under a name with NULs or a byte order mark', [['\uFEFFTo\0', '1']], [], ['To'], '1'],
    [
      'is not an empty one',
      [
        ['To', ''],
        ['To', '2'],
      ],
      [],
      ['To'],
      '2',
    ],
    ['is not one of white space only', [['To', ' ']], [['To', '2']], ['To'], '2'],
    ['is missing when all are empty', [['To', '']], [['To', ' ']], ['To'], undefined],
    ['is missing when it was not sent', [['From', '1']], [], ['To'], undefined],
    ['is looked for under the names in order', [['Extension', 'b']], [['Ext', 'a']], ['Ext', 'Extension'], 'a'],
    [
      'is looked for under the next name',
      [
        ['Ext', ''],
        ['Extension', 'b'],
      ],
      [],
      ['Ext', 'Extension'],
      'b',
    ],
    ['may be called __proto__', [['__proto__', 'x']], [], ['__proto__'], 'x'],
  ])('%s', (_, body, query, names, expected) => {
    expect(mergeFields(body, query).first(...names)).toBe(expected);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%s is not there unless it was sent',
    (name) => {
      const fields = mergeFields([], []);
      expect(fields.first(name)).toBeUndefined();
      expect(fields.all(name)).toEqual([]);
    },
  );
});

describe('all values of a repeated field', () => {
  test.each<[string, FieldPair[], FieldPair[], string[]]>([
    [
      'come in the order sent',
      [
        ['Recipient', '2'],
        ['recipient', '1'],
      ],
      [],
      ['2', '1'],
    ],
    [
      'may have PHP names',
      [
        ['Recipient[0]', '1'],
        ['Recipient[1]', '2'],
      ],
      [],
      ['1', '2'],
    ],
    [
      'may have Ruby names',
      [
        ['recipient[]', '1'],
        ['recipient[]', '2'],
      ],
      [],
      ['1', '2'],
    ],
    [
      'may mix names',
      [
        ['Recipient', '1'],
        ['RECIPIENT[7]', '2'],
      ],
      [],
      ['1', '2'],
    ],
    ['come from the body alone if it has any', [['Recipient', '1']], [['Recipient', '2']], ['1']],
    ['come from the query if the body has none', [['Recipient', ' ']], [['Recipient[]', '2']], ['2']],
    ['have no NULs behind them', [['Recipient[0]\0', '1\0']], [], ['1']],
    [
      'keep equal ones',
      [
        ['Recipient', '1'],
        ['Recipient', '1'],
      ],
      [],
      ['1', '1'],
    ],
    [
      'are trimmed and never empty',
      [
        ['Recipient', ' 1 '],
        ['Recipient', ''],
        ['Recipient', '\t'],
      ],
      [],
      ['1'],
    ],
    [
      'do not come from other names',
      [
        ['Recipients', '1'],
        ['Recipient1', '2'],
        ['[0]', '3'],
      ],
      [],
      [],
    ],
  ])('%s', (_, body, query, expected) => {
    expect(mergeFields(body, query).all('Recipient')).toEqual(expected);
  });

  test('raw values keep their white space; values of white space only are left out', () => {
    const fields = mergeFields(
      [
        ['attachment[0]', ' a\n'],
        ['Attachment', ' \n\0'],
        ['Attachment', 'b\0'],
      ],
      [],
    );
    expect(fields.allRaw('Attachment')).toEqual([' a\n', 'b\0']);
  });

  test('are read, even 10,000 of them', () => {
    const pairs = Array.from({ length: 10_000 }, (_, index): FieldPair => [`Recipient[${index}]`, String(index)]);
    expect(mergeFields(pairs, pairs).all('recipient')).toHaveLength(10_000);
  });
});

test.each([
  ['Recipient', 'recipient'],
  [' Recipient[] ', 'recipient'],
  ['Recipient[12]', 'recipient'],
  ['Recipient [1]', 'recipient'],
  ['Recipient[a]', 'recipient'],
  ['Recipient]', 'recipient]'],
  ['Recipient[12', 'recipient[12'],
  ['Recipient[0][number]', 'recipient'],
  ['[0]', '[0]'],
  ['', ''],
])('%j is looked up as %j', (name, expected) => {
  expect(repeatedFieldName(name)).toBe(expected);
});

test('any pairs are read, and only sent values are found', () => {
  const pairs = fc.array(fc.tuple(fc.string(), fc.string()));
  fc.assert(
    fc.property(pairs, pairs, fc.string(), (body, query, other) => {
      const fields = mergeFields(body, query);
      for (const name of [...[...body, ...query].map(([sent]) => sent), other]) {
        const value = fields.first(name);
        if (value === undefined) continue;
        expect(value).not.toMatch(/^\s|[\s\0]$/);
        expect(value).not.toBe('');
        expect([...body, ...query].some(([, sent]) => sent.includes(value))).toBe(true);
      }
    }),
  );
});
