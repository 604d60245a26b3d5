import * as fc from 'fast-check';
import { isTextField, parseMultipart } from '../../lib/legacy/multipart.ts';
import type { MultipartResult } from '../../lib/legacy/multipart.ts';
import { concat, latin1, plain, utf8 } from './bytes.ts';

interface ReadPart {
  readonly name: string;
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  readonly text: string;
}

/** The result with the payloads as Latin-1 text, for comparing whole. */
function readable(result: MultipartResult): readonly ReadPart[] | string {
  if (!result.ok) return `${result.reason}: ${result.problem}`;
  return result.parts.map(({ bytes, ...part }) => ({ ...part, text: Buffer.from(bytes).toString('latin1') }));
}

function parse(body: string | Uint8Array, boundary = 'b'): readonly ReadPart[] | string {
  return readable(parseMultipart(typeof body === 'string' ? utf8(body) : body, boundary));
}

function field(name: string, text: string): ReadPart {
  return { name, fileName: undefined, contentType: undefined, text };
}

/** A body of one part with the given Content-Disposition. */
function disposition(value: string | Uint8Array): Uint8Array {
  return concat('--b\r\nContent-Disposition: ', value, '\r\n\r\nx\r\n--b--\r\n');
}

const part = 'Content-Disposition: form-data; name="a"\r\n\r\n1';
const damagedHeaders = 'unreadable: a part has damaged headers';
const endlessHeaders = 'unreadable: the headers of a part do not end within 16 KB';

// multipart-delimiters.test.ts has what may stand beside a delimiter. hostile/multipart.test.ts cuts a body at every
// byte.
describe('a multipart body', () => {
  test('of a browser is read', () => {
    const body = [
      '--b',
      'Content-Disposition: form-data; name="Username"',
      '',
      '18889363711*101',
      '--b',
      'Content-Disposition: form-data; name="Attachment"; filename="order.pdf"',
      'Content-Type: application/pdf',
      '',
      '%PDF-1.4\r\n\0',
      '--b--',
      '',
    ].join('\r\n');
    expect(parse(body)).toEqual([
      field('Username', '18889363711*101'),
      { name: 'Attachment', fileName: 'order.pdf', contentType: 'application/pdf', text: '%PDF-1.4\r\n\0' },
    ]);
  });

  test.each<[string, string, ReadPart[]]>([
    ['no line end after the last boundary', `--b\r\n${part}\r\n--b--`, [field('a', '1')]],
    ['an empty line before the first boundary', `\r\n--b\r\n${part}\r\n--b--`, [field('a', '1')]],
    ['bare line feeds in the headers only', `--b\r\n${part.replaceAll('\r', '')}\r\n--b--`, [field('a', '1')]],
    ['header names in any case', '--b\r\ncONTENT-dISPOSITION: form-data; name=a\r\n\r\n1\r\n--b--', [field('a', '1')]],
    ['other headers', `--b\r\nX-Any: 1\r\n${part}\r\n--b--`, [field('a', '1')]],
    ['a header name of odd characters', `--b\r\n!#$%&'*+.^_\`|~9-: 1\r\n${part}\r\n--b--`, [field('a', '1')]],
    ['blanks before the first header', `--b\r\n \t${part}\r\n--b--`, [field('a', '1')]],
    [
      'a header folded into a line of one blank',
      '--b\nX-Any: 1\n \nContent-Disposition: form-data; name="a"\n\n1\n--b--',
      [field('a', '1')],
    ],
    ['a folded header', '--b\r\nContent-Disposition: form-data;\r\n name="a"\r\n\r\n1\r\n--b--', [field('a', '1')]],
    ['an empty payload', '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n--b--', [field('a', '')]],
    ['no payload at all', '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n--b--', [field('a', '')]],
    ['an empty line between two boundaries', `--b\r\n\r\n--b\r\n${part}\r\n--b--`, [field('a', '1')]],
    ['no parts', '--b--', []],
    ['nothing but two boundaries', '--b\r\n--b--', []],
    [
      'bare line feeds and other headers',
      '--b\nX-Any: 1\nContent-Disposition: form-data; name="a"\n\n1\n--b--',
      [field('a', '1')],
    ],
    ['a header line of two characters', `--b\nx:\n${part.replaceAll('\r', '')}\n--b--`, [field('a', '1')]],
    ['a blank before the colon', '--b\r\nContent-Disposition : form-data; name=a\r\n\r\n1\r\n--b--', [field('a', '1')]],
    ['a type that is empty', `--b\r\nContent-Type: \r\n${part}\r\n--b--`, [field('a', '1')]],
    ['a payload that ends in line ends', `--b\r\n${part}\r\n\n\r\r\n--b--`, [field('a', '1\r\n\n\r')]],
    [
      'with bare line feeds a payload keeps its last carriage return',
      `--b\n${part.replaceAll('\r', '')}\r\n--b--`,
      [field('a', '1\r')],
    ],
  ])('%s', (_, body, expected) => {
    expect(parse(body)).toEqual(expected);
  });

  test.each(['----=_Part_1.2', "a'()+_,-./:=?", 'a b', '.*', '[x]', '$&', '--', '--------', 'b\\'])(
    'with the boundary %s is read',
    (boundary) => {
      expect(parse(`--${boundary}\r\n${part}\r\n--${boundary}--`, boundary)).toEqual([field('a', '1')]);
    },
  );

  test.each<[string, string, string]>([
    ['an empty body', '', 'unreadable: the boundary is not in the body'],
    ['no boundary in the body', 'hello', 'unreadable: the boundary is not in the body'],
    ['an end inside the headers', '--b\r\nContent-Dis', 'cut_short: the closing delimiter is missing'],
    ['a part without headers', `--b\r\n\r\n1\r\n--b\r\n${part}\r\n--b--`, damagedHeaders],
    ['a part without headers and payload', `--b\r\n\r\n\r\n--b\r\n${part}\r\n--b--`, damagedHeaders],
    ['a header line without a colon', `--b\r\nContent-Disposition\r\n${part}\r\n--b--`, damagedHeaders],
    ['a header line without a name', `--b\r\n: 1\r\n${part}\r\n--b--`, damagedHeaders],
    ['a header name of two words', `--b\r\nX Any: 1\r\n${part}\r\n--b--`, damagedHeaders],
    ['a header name beyond ASCII', `--b\r\nÄ: 1\r\n${part}\r\n--b--`, damagedHeaders],
    ['a header line that begins with a carriage return', `--b\r\n\rX: 1\r\n${part}\r\n--b--`, damagedHeaders],
    ['a carriage return inside a header line', `--b\r\nX: 1\rY: 2\r\n${part}\r\n--b--`, damagedHeaders],
    ['no empty line behind the headers', `--b\r\n${part.replace('\r\n\r\n', '\r\n')}\r\n\r\n--b--`, damagedHeaders],
    ['headers that do not end', '--b\r\nContent-Disposition: form-data; name="a"\r\n1\r\n--b--', endlessHeaders],
    ['headers over 16 KB', `--b\r\nX: ${'x'.repeat(16 * 1024)}\r\n${part}\r\n--b--`, endlessHeaders],
  ])('is refused: %s', (_, body, reason) => {
    expect(parse(body)).toBe(reason);
  });

  test.each([
    ['16 KB are read', 16 * 1024, [field('a', '1')]],
    ['16 KB and one byte are refused', 16 * 1024 + 1, endlessHeaders],
  ])('headers of %s', (_, size, expected) => {
    const others = '\r\nContent-Disposition: form-data; name=a\r\n\r\n';
    const headers = `X: ${'x'.repeat(size - 3 - others.length)}${others}`;
    expect(headers).toHaveLength(size);
    expect(parse(`--b\r\n${headers}1\r\n--b--`)).toEqual(expected);
  });

  test('the longest boundary has 200 bytes', () => {
    const boundary = 'x'.repeat(200);
    expect(parse(`--${boundary}\r\n${part}\r\n--${boundary}--`, boundary)).toEqual([field('a', '1')]);
  });

  test.each(['', 'x'.repeat(201)])('is refused: a boundary that is empty or over 200 bytes', (boundary) => {
    expect(parse(`--${boundary}\r\n${part}\r\n--${boundary}--`, boundary)).toBe(
      'unreadable: the boundary is empty or too long',
    );
  });
});

describe('the name and file name of a part', () => {
  test.each<[string, string | Uint8Array, string, string | undefined]>([
    ['unquoted', 'form-data; name=Attachment; filename=a.pdf', 'Attachment', 'a.pdf'],
    ['in any order', 'form-data; filename="a.pdf"; name="Attachment"', 'Attachment', 'a.pdf'],
    ['indexed', 'form-data; name="Attachment[0]"; filename="a.pdf"', 'Attachment[0]', 'a.pdf'],
    ['a Windows path', String.raw`form-data; name=A; filename="C:\new\table.pdf"`, 'A', 'table.pdf'],
    ['a Unix path', 'form-data; name=A; filename="/tmp/x/a.pdf"', 'A', 'a.pdf'],
    ['a mixed path', String.raw`form-data; name=A; filename="/tmp\a.pdf"`, 'A', 'a.pdf'],
    ['a path without a name', String.raw`form-data; filename="C:\fax\"; name="A"`, 'A', ''],
    ['an empty file name', 'form-data; name=A; filename=""', 'A', ''],
    ['no file name', 'form-data; name=A', 'A', undefined],
    ['a UTF-8 file name', 'form-data; name=A; filename="größe.pdf"', 'A', 'größe.pdf'],
    ['a Windows-1252 file name', latin1('form-data; name=A; filename="gr\xf6\xdfe.pdf"'), 'A', 'größe.pdf'],
    [
      'an extended file name wins',
      "form-data; name=A; filename=x.pdf; filename*=UTF-8''gr%C3%B6%C3%9Fe.pdf",
      'A',
      'größe.pdf',
    ],
    [
      'an extended file name comes first',
      "form-data; filename*=utf-8'en'a%20b.pdf; filename=x.pdf; name=A",
      'A',
      'a b.pdf',
    ],
    ['an extended file name in Latin-1', "form-data; name=A; filename*=ISO-8859-1''gr%F6%DFe.pdf", 'A', 'größe.pdf'],
    [
      'an extended file name in Latin-1 that could be UTF-8',
      "form-data; name=A; filename*=ISO-8859-1''%C3%B6.pdf",
      'A',
      'Ã¶.pdf',
    ],
    [
      'an extended file name without an encoding',
      `form-data; name=A; filename*="no name''a.pdf"; filename=b.pdf`,
      'A',
      'b.pdf',
    ],
    ['a file name in two lines', 'form-data; name=A; filename="a\r\n b.pdf"', 'A', 'a b.pdf'],
    ['a file name in two lines that end in bare line feeds', 'form-data; name=A; filename="a\n b.pdf"', 'A', 'a b.pdf'],
    ['an extended file name in quotes', `form-data; name=A; filename*="UTF-8''a%2Bb+c.pdf"`, 'A', 'a+b+c.pdf'],
    ['an extended file name with an escaped path', "form-data; name=A; filename*=UTF-8''..%2F..%5Ca.pdf", 'A', 'a.pdf'],
    ['an extended file name in the wrong format', 'form-data; name=A; filename*=a.pdf; filename=b.pdf', 'A', 'b.pdf'],
    ['a name with blanks', 'form-data; name=" A "; filename=" a.pdf "', 'A', 'a.pdf'],
  ])('%s', (_, value, name, fileName) => {
    expect(parse(disposition(value))).toEqual([{ name, fileName, contentType: undefined, text: 'x' }]);
  });

  test.each(['form-data', 'form-data; name=', 'form-data; name=""', 'form-data; filename=a.pdf', ''])(
    'the disposition %j names no part, and the body is refused',
    (value) => {
      expect(parse(disposition(value))).toBe('unreadable: a part has no name');
    },
  );

  test('of two headers of one name the first counts', () => {
    const body =
      '--b\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n' +
      'Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n1\r\n--b--';
    expect(parse(body)).toEqual([{ name: 'a', fileName: undefined, contentType: 'text/plain', text: '1' }]);
  });
});

describe('payload bytes', () => {
  // Pieces that look like boundaries and line ends, in every combination. The boundary is longer than any piece with
  // a line end behind it.
  const hostile = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '\r',
          '\n',
          '\r\n',
          '-',
          '--',
          '--bound',
          '\r\n--bound',
          '\r\n--boundary',
          '\n--boundary-x',
          '--boundary x',
          '\0',
          ' ',
        ),
        fc.uint8Array({ maxLength: 8 }),
      ),
      { maxLength: 30 },
    )
    .map((pieces) => concat(...pieces))
    .filter((payload) => !/--boundary(?:[ \t]*(?:[^ \t\w-]|$)|--)/.test(Buffer.from(payload).toString('latin1')));

  test.each(['\r\n', '\n'])('arrive unchanged, as views into the body, with line ends %j', (lineEnd) => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 4 }), fc.boolean(), fc.boolean(), (payloads, preamble, epilogue) => {
        // When most of several payloads end in a carriage return, it counts as part of the line end.
        const returns = payloads.filter((payload) => payload.at(-1) === 0x0d).length;
        fc.pre(lineEnd === '\r\n' || payloads.length < 2 || returns < payloads.length / 2);
        const body = concat(
          preamble ? `preamble${lineEnd}` : '',
          ...payloads.flatMap((payload, index) => [
            `--boundary${lineEnd}Content-Disposition: form-data; name=a; filename="${index}"${lineEnd}${lineEnd}`,
            payload,
            lineEnd,
          ]),
          `--boundary--${epilogue ? `${lineEnd}epilogue` : ''}`,
        );
        const result = parseMultipart(body, 'boundary');
        const parts = result.ok ? result.parts : [];
        expect(parts.map(({ bytes }) => plain(bytes))).toEqual(payloads);
        for (const { bytes } of parts) expect(bytes.buffer).toBe(body.buffer);
      }),
    );
  });

  test('are views into the same buffer when the body is itself a view', () => {
    const whole = utf8(`xx--b\r\n${part}\r\n--b--xx`);
    const result = parseMultipart(whole.subarray(2, -2), 'b');
    const [first] = result.ok ? result.parts : [];
    expect(first?.bytes.buffer).toBe(whole.buffer);
    expect(Buffer.from(first?.bytes ?? []).toString()).toBe('1');
  });
});

test('any bytes are read or refused', () => {
  const pieces = fc.constantFrom(
    '--b',
    '--',
    '\r\n',
    '\n',
    '\r',
    ' ',
    'Content-Disposition: form-data; name=a',
    ':',
    '"',
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(pieces, fc.uint8Array({ maxLength: 5 }))),
      fc.constantFrom('b', '', '\r'),
      (all, boundary) => {
        const result = parseMultipart(concat(...all), boundary);
        if (result.ok) for (const { name } of result.parts) expect(name).not.toBe('');
      },
    ),
  );
});

test.each([
  ['boundary look-alikes', '\r\n--boundar'],
  ['boundaries that go on', '\r\n--boundaryx'],
  ['boundaries with blanks and more', '\r\n--boundary  x'],
  ['line ends', '\r\n'],
  ['hyphens', '-'],
])('a large payload of %s is read', (_, piece) => {
  const payload = piece.repeat(Math.ceil(2_000_000 / piece.length)) + '.';
  const body = `--boundary\r\nContent-Disposition: form-data; name=a\r\n\r\n${payload}\r\n--boundary--`;
  expect(parse(body, 'boundary')).toEqual([field('a', payload)]);
});

test('2,000 parts are read, and one more is refused', () => {
  const parts = `--b\r\n${part}\r\n`.repeat(2000);
  expect(parse(`${parts}--b--`)).toHaveLength(2000);
  expect(parse(`${parts}--b\r\n${part}\r\n--b--`)).toBe('unreadable: the body has more than 2000 parts');
});

test.each([
  ['Username', undefined, true],
  ['Username', 'Username', true],
  ['recipient[0]', 'x', true],
  ['CoverpageText', 'cover.txt', true],
  ['document', undefined, true],
  ['document', 'order.pdf', false],
  ['usernames', 'order.pdf', false],
  ['Attachment', undefined, false],
  ['attachment[]', 'order.pdf', false],
])('a part called %s with the file name %p is a text field: %p', (name, fileName, expected) => {
  expect(isTextField({ name, fileName, contentType: undefined, bytes: utf8('x') })).toBe(expected);
});

test.each([
  ['base64', 'aGVsbG8=', [field('a', 'hello')]],
  ['base64', '!', 'unreadable: a part is not encoded as it says'],
  ['binary', 'aGVsbG8=', [field('a', 'aGVsbG8=')]],
])('a part in %s, %p, is read as %j', (encoding, text, expected) => {
  const head = `Content-Transfer-Encoding: ${encoding}\r\nContent-Disposition: form-data; name="a"`;
  expect(parse(`--b\r\n${head}\r\n\r\n${text}\r\n--b--\r\n`)).toEqual(expected);
});

test.each([
  ['multipart/mixed; boundary=in', 'unreadable: a part has parts of its own'],
  ['Multipart/Related; Boundary="in"; start="x"', 'unreadable: a part has parts of its own'],
  ['multipart/mixed', 'read'],
  ['multipart/mixed; boundary=""', 'read'],
  ['multipart/mixed; boundary=other', 'read'],
  ['text/plain; boundary=in', 'read'],
])('a part that is a %s is %s', (contentType, expected) => {
  const head = `Content-Type: ${contentType}\r\nContent-Disposition: form-data; name="a"`;
  const inner = '--in\r\nContent-Disposition: file; filename="b"\r\n\r\nx\r\n--in--';
  const parsed = parse(`--b\r\n${head}\r\n\r\n${inner}\r\n--b--\r\n`);
  expect(typeof parsed === 'string' ? parsed : 'read').toBe(expected);
});
