import { formType, gatewayEvent } from '../gateway-event.ts';

/** A kind of request, of any size, that tries to take more than linear time. */
export interface HostileRequest {
  readonly name: string;
  /** A proxy event whose body has about this many bytes. */
  readonly event: (bytes: number) => Record<string, unknown>;
}

const partType = 'multipart/form-data; boundary=boundary';

function post(body: Uint8Array | string, contentType: string): Record<string, unknown> {
  return gatewayEvent({ method: 'POST', path: '/faxapi.asp', body, headers: { 'Content-Type': contentType } });
}

/** A body of one repeated text. */
function repeated(name: string, unit: string, { type = formType, before = '', behind = '' } = {}): HostileRequest {
  return {
    name,
    event: (bytes) => post(Buffer.from(before + fill(unit, bytes) + behind, 'latin1'), type),
  };
}

const fill = (unit: string, bytes: number): string => unit.repeat(Math.floor(bytes / unit.length));

/** One form field that fills the whole body. */
function formField(name: string, unit: string): HostileRequest {
  return repeated(`form, ${name} of ${printed(unit)}`, unit, { before: `${name}=` });
}

const printed = (unit: string): string => JSON.stringify(unit).replaceAll(/[^ -~]/g, '·');

/** One part that fills the whole body. */
function onePart(name: string, headers: string, unit: string): HostileRequest {
  return repeated(name, unit, {
    type: partType,
    before: `--boundary\r\n${headers}\r\n\r\n`,
    behind: '\r\n--boundary--',
  });
}

const disposition = (parameters: string): string => `Content-Disposition: form-data; ${parameters}`;

/** The maximum number of parts, with the bytes divided among them. */
function manyParts(name: string, part: (bytes: number) => string): HostileRequest {
  const count = 2000;
  return {
    name,
    event: (bytes) => {
      const written = `--boundary\r\n${part(Math.floor(bytes / count))}\r\n`;
      return post(Buffer.from(`${written.repeat(count)}--boundary--`, 'latin1'), partType);
    },
  };
}

const combiningMarks = Buffer.from('\u0300\u0316').toString('latin1');
const ideographicSpace = Buffer.from('\u3000').toString('latin1');

/** Every parameter that is read before authentication, and those read right after it. */
const fieldNames = [
  'Username',
  'Ext',
  'Password',
  'cmd',
  'To',
  'From',
  'Recipient',
  'SessionID',
  'format',
  'Attachment',
];
const fieldUnits = ['1', ' ', combiningMarks, '%u0300'];

/** Requests of every shape of body and for every field. */
export const hostileRequests: readonly HostileRequest[] = [
  ...fieldNames.flatMap((name) => fieldUnits.map((unit) => formField(name, unit))),
  formField('Username', ' x'),
  formField('Username', ideographicSpace),
  repeated('form, one name without a value', 'a'),
  repeated('form, one name of brackets', '['),
  repeated('form, one name of closing brackets', '1]'),
  { name: 'form, one name of digits in brackets', event: (n) => post(`a[${'1'.repeat(n)}]=b`, formType) },
  repeated('form, fields', 'a=b&'),
  repeated('form, fields that are not UTF-8', '\x80=\x80&'),
  repeated('form, ampersands', '&'),
  repeated('form, equals signs', '='),
  repeated('form, percent signs', '%'),
  repeated('form, broken escapes', '%u00'),
  repeated('form, escapes of units', 'a=%u00e9%C3%A9%u00e9&'),
  repeated('form, pairs of escapes between bytes', '%u0041\x80'),
  {
    name: 'form, 20,000 fields of long names',
    event: (n) => {
      const size = Math.floor(n / 20_000);
      return post(Array.from({ length: 19_999 }, (_, i) => `${`${i}`.padEnd(size, 'n')}=1`).join('&'), formType);
    },
  },
  {
    name: 'form, 20,000 recipients',
    event: (n) => post(`Recipient=${'1'.repeat(Math.max(1, n / 20_000 - 11))}&`.repeat(19_999), formType),
  },
  {
    name: 'form, 20,000 recipients of white space',
    event: (n) => post(`Recipient=1${'+'.repeat(Math.max(1, n / 20_000 - 13))}1&`.repeat(19_999), formType),
  },
  repeated('form in UTF-16', 'a\0=\0b\0&\0', { type: `${formType}; charset=utf-16` }),
  repeated('form in UTF-16 that is one value', 'a\0', { type: `${formType}; charset=utf-16` }),
  ...['shift_jis', 'gb18030', 'iso-2022-jp', 'big5', 'euc-kr', 'no-such-charset'].flatMap((charset) => [
    repeated(`form in ${charset}`, '\x1b$B\x81\x30&', { type: `${formType}; charset=${charset}` }),
    repeated(`form in ${charset}, one value`, '\x1b$B\x81\x30', {
      type: `${formType}; charset=${charset}`,
      before: 'a=',
    }),
  ]),
  repeated('a body that looks like a form in JSON', 'a.', { type: 'application/json' }),
  repeated('white space in JSON', ' ', { type: 'application/json' }),

  ...['Username', 'To', 'Recipient', 'Attachment', 'other'].flatMap((name) =>
    ['\0', combiningMarks, '\r\n'].map((unit) =>
      onePart(`one part, ${name} of ${printed(unit)}`, disposition(`name="${name}"`), unit),
    ),
  ),
  ...['base64', 'quoted-printable'].flatMap((encoding) =>
    ['QUJD', 'QUJD\r\n', ' ', '=41', '=\r\n', '= ', '=', '= \t', '*', '=='].map((unit) =>
      onePart(
        `one ${encoding} part of ${printed(unit)}`,
        `${disposition('name="Attachment"; filename="a.txt"')}\r\nContent-Transfer-Encoding: ${encoding}`,
        unit,
      ),
    ),
  ),
  ...['utf-16', 'shift_jis', 'iso-2022-jp', 'no-such-charset'].map((charset) =>
    onePart(
      `one part in ${charset}`,
      `${disposition('name="To"')}\r\nContent-Type: text/plain; charset=${charset}`,
      '1\0',
    ),
  ),
  ...[
    '\n',
    '\r\n',
    '--boundary',
    '--boundaryx',
    '-boundary',
    '\n--boundaryx',
    '\r\n--boundary\r\n',
    '-',
    '\n--boundary ',
    '\n--boundary--',
  ].map((unit) => onePart(`one part, ${printed(unit)} repeated`, disposition('name="Attachment"'), unit)),
  onePart('look-alikes with long lines', disposition('name="Attachment"'), `\n--boundaryx\n${'a:\n'.repeat(8)}`),
  {
    name: 'a boundary of one character that is everywhere',
    event: (n) =>
      post(
        `--b\r\n${disposition('name="Attachment"')}\r\n\r\n${'-b'.repeat(n / 2)}\r\n--b--`,
        'multipart/form-data; boundary=b',
      ),
  },
  ...['-b\n', '-b\na:', ' -b\n', '\n--bx'].map((unit) => ({
    name: `a boundary of one character, ${printed(unit)} repeated`,
    event: (n: number) =>
      post(
        `--b\r\n${disposition('name="Attachment"')}\r\n\r\n${fill(unit, n)}\r\n--b--`,
        'multipart/form-data; boundary=b',
      ),
  })),
  {
    name: 'a boundary of hyphens',
    event: (n) =>
      post(
        `-----\r\n${disposition('name="Attachment"')}\r\n\r\n${'-'.repeat(n)}\r\n-------`,
        'multipart/form-data; boundary=---',
      ),
  },
  {
    name: 'a delimiter behind many blanks',
    event: (n) => post(`--boundary${' '.repeat(n)}\r\n`, partType),
  },
  {
    name: 'a closing delimiter behind many NULs',
    event: (n) => post(`--boundary--${'\0'.repeat(n)}x`, partType),
  },
  repeated('delimiters without parts', '--boundary\r\n', { type: partType }),
  manyParts(
    '2,000 attachments',
    (n) => `${disposition('name="Attachment"; filename="a.txt"')}\r\n\r\n${'a'.repeat(n)}`,
  ),
  manyParts('2,000 recipients', (n) => `${disposition('name="Recipient"')}\r\n\r\n${'1'.repeat(n)}`),
  manyParts(
    '2,000 parts in an unknown encoding',
    (n) => `${disposition('name="x"')}\r\nContent-Type: text/plain; charset=none\r\n\r\n${'\x80'.repeat(n)}`,
  ),
  manyParts(
    '2,000 parts in ISO-2022-JP',
    (n) =>
      `${disposition('name="x"')}\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n${'\x1b$B'.repeat(n / 3)}`,
  ),
  ...headerUnits().map(([name, before, unit]) =>
    manyParts(`2,000 parts, headers of ${name}`, (n) => `${before}${fill(unit, Math.min(n, 15_500))}\r\n\r\n`),
  ),
  {
    name: 'parts with segments of a file name',
    event: (n) => {
      let segments = '';
      for (let i = 0; segments.length < Math.min(n, 12_000); i += 1) segments += `;filename*${i}*=%80`;
      return post(
        Array.from(
          { length: Math.floor(n / 12_200) },
          () => `--boundary\r\n${disposition(`name="Attachment"${segments}`)}\r\n\r\nx\r\n`,
        ).join('') + '--boundary--',
        partType,
      );
    },
  },
  {
    name: 'query of many parameters',
    event: (n) =>
      gatewayEvent({ query: Object.fromEntries(Array.from({ length: n / 400 }, (_, i) => [`a${i}`, '1'])) }),
  },
  ...['"', ';', '=', '"=', ';a="', ' ', ';a=" '].map((unit) => ({
    name: `Content-Type of ${printed(unit)}`,
    event: (n: number) => post('', `multipart/form-data${fill(unit, n / 400)}`),
  })),
];

/** Headers of parts: their start and the text repeated in them. */
function headerUnits(): readonly (readonly [name: string, before: string, unit: string])[] {
  const named = disposition('name="Attachment"');
  return [
    ['empty parameters', named, ';'],
    ['open quotes', named, ';a="'],
    ['quotes', `${named}; filename="`, '" '],
    ['parameters', named, ';a=b'],
    ['blanks', named, ' '],
    ['folded lines', named, '\r\n a'],
    ['lines', named, '\r\na:b'],
    ['encoded words', `${named}; filename="`, '=?utf-8?q?=41?= '],
    ['encoded words in two charsets', `${named}; filename="`, '=?utf-8?q?=41?= =?big5?b?QUJD?= '],
    ['encoded words of an unknown charset', `${named}; filename="`, '=?none?q?=41?= '],
    ['beginnings of encoded words', `${named}; filename="`, '=?'],
    ['encoded words without an end', `${named}; filename="`, '=?a*?q?'],
    ['encoded words in base64 of white space', `${named}; filename="=?utf-8?b?`, ' '],
    ['an extended file name', `${named}; filename*=utf-8''`, '%80'],
    ['an extended file name of quotes', `${named}; filename*=utf-8`, "'"],
    ['closing quotes in blanks', `${named}; filename="`, ' "'],
  ];
}
