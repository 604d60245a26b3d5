import * as fc from 'fast-check';
import { maxLookAlikes } from '../../lib/legacy/multipart-delimiters.ts';
import { parseMultipart } from '../../lib/legacy/multipart.ts';
import { latin1 } from './bytes.ts';

/*
 * Which lines of a body are delimiters: reading returns all parts or refuses the body. Bodies are written as Latin-1
 * text, one character for each byte.
 */

/** Names and payloads of the parts, or why there are none. */
function read(body: string | Uint8Array, boundary: string): readonly (readonly [string, string])[] | string {
  const result = parseMultipart(typeof body === 'string' ? latin1(body) : body, boundary);
  if (!result.ok) return `${result.reason}: ${result.problem}`;
  return result.parts.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('latin1')]);
}

const part = (name: string, payload: string): string =>
  `Content-Disposition: form-data; name="${name}"\r\n\r\n${payload}`;
/** A body of three parts. The third has the given payload. */
const bodyOf = (payload: string, boundary = 'XbXbXbX'): string =>
  `--${boundary}\r\n${part('a', '1')}\r\n--${boundary}\r\n${part('b', '2')}\r\n--${boundary}\r\n${part('c', payload)}\r\n--${boundary}--\r\n`;
const whole = bodyOf('3');
const allParts = [
  ['a', '1'],
  ['b', '2'],
  ['c', '3'],
];
const damaged = 'unreadable: a delimiter is badly framed';
const differ = 'unreadable: the line ends before the delimiters differ';
const cutShort = 'cut_short: the closing delimiter is missing';

describe('a body is read whole', () => {
  test.each([
    ['as it should be', whole],
    ['behind a byte order mark', `\u00ef\u00bb\u00bf${whole}`],
    ['behind a byte order mark and an empty line', `\u00ef\u00bb\u00bf\r\n${whole}`],
    ['behind a preamble', `This is\r\n--XbXbXbXx\r\na preamble\r\n${whole}`],
    ['behind a preamble that ends in a line feed', `preamble\n${whole}`],
    ['with LF before each delimiter', whole.replaceAll('\r\n--X', '\n--X')],
    ['with LF behind each delimiter', whole.replaceAll('--XbXbXbX\r\n', '--XbXbXbX\n')],
    ['with LF in all lines but those before delimiters', whole.replaceAll(/\r\n(?!--)/g, '\n')],
    ['with LF everywhere', whole.replaceAll('\r\n', '\n')],
    ['with LF behind the first delimiter', whole.replace('--XbXbXbX\r\n', '--XbXbXbX\n')],
    ['with LF behind another delimiter', whole.replace('1\r\n--XbXbXbX\r\n', '1\r\n--XbXbXbX\n')],
    ['with blanks behind the delimiters', whole.replaceAll('--XbXbXbX\r\n', '--XbXbXbX \t\r\n')],
    ['with blanks behind the closing delimiter', whole.replace(/\r\n$/, ' \t')],
    ['with NULs behind the closing delimiter', whole.replace(/\r\n$/, '\0\0\0')],
    ['with NULs and a line end behind the closing delimiter', whole.replace(/\r\n$/, '\0\0\r\n')],
    ['with NULs behind the last line end', `${whole}\0\0`],
    ['with a carriage return behind the closing delimiter', whole.replace(/\n$/, '')],
    ['with an epilogue', `${whole}epilogue\r\n--XbXbXbXx\r\n`],
    ['with a delimiter twice', whole.replace('--XbXbXbX\r\n', '--XbXbXbX\r\n--XbXbXbX\r\n')],
  ])('%s', (_, body) => {
    expect(read(body, 'XbXbXbX')).toEqual(allParts);
  });

  test.each([
    ['a boundary that goes on', '3\r\n--XbXbXbXx\r\n4'],
    ['a boundary that goes on after a blank', '3\r\n--XbXbXbX x\r\n4'],
    ['a boundary with another hyphen', '3\r\n--XbXbXbX-\r\n4'],
    ['a boundary with a letter and a hyphen', '3\r\n--XbXbXbXx-\r\n4'],
    ['a closing boundary that goes on', '3\r\n--XbXbXbX--x\r\n4'],
    ['a boundary that goes on in the middle of a line', '3 --XbXbXbXx\r\n4'],
    ['a boundary that goes on, and headers further down', `3\r\n--XbXbXbXx\r\n\r\n${part('d', '4')}`],
    ['a boundary that goes on, and a header of another kind', '3\r\n--XbXbXbXx\r\nContent-Type: text/plain\r\n\r\n4'],
    ['the boundary without hyphens', '3\r\nXbXbXbX\r\n4'],
    ['the boundary behind one hyphen', '3\r\n-XbXbXbX\r\n4'],
    ['another multipart body', `3\r\n--inner\r\n${part('d', '4')}\r\n--inner--`],
  ])('with %s in a payload', (_, payload) => {
    expect(read(bodyOf(payload), 'XbXbXbX')).toEqual([...allParts.slice(0, 2), ['c', payload]]);
  });

  test.each(['3 --short\r\n4', '3\r\n --short\r\n4', '3 --short--\r\n4', '3 --short\0\r\n4', '3 --short'])(
    'with a boundary of five bytes in the middle of a line of a payload: %j',
    (payload) => {
      expect(read(bodyOf(payload, 'short'), 'short')).toEqual([...allParts.slice(0, 2), ['c', payload]]);
      expect(read(bodyOf(payload.replace('short', 'longer'), 'longer'), 'longer')).toBe(damaged);
    },
  );
});

describe('with LF before the delimiters a payload keeps its trailing carriage return', () => {
  test.each([
    ['when all lines end in LF', bodyOf('3\r').replaceAll('\r\n', '\n'), [...allParts.slice(0, 2), ['c', '3\r']]],
    [
      'when the others end in CRLF',
      bodyOf('3\r').replaceAll('\r\n--X', '\n--X'),
      [...allParts.slice(0, 2), ['c', '3\r']],
    ],
    [
      'when it is the only one',
      '--XbXbXbX\nContent-Disposition: form-data; name=c\n\n3\r\n--XbXbXbX--',
      [['c', '3\r']],
    ],
  ])('%s', (_, body, parts) => {
    expect(read(body, 'XbXbXbX')).toEqual(parts);
  });

  test('but not when the lines of its only part end in CRLF', () => {
    expect(read(`--XbXbXbX\n${part('c', '3')}\r\n--XbXbXbX--`, 'XbXbXbX')).toEqual([['c', '3']]);
  });
});

describe('a body is refused', () => {
  test.each([
    ['a delimiter behind LF', whole.replace('1\r\n--X', '1\n--X'), differ],
    ['the closing delimiter behind LF', whole.replace('3\r\n--X', '3\n--X'), differ],
    [
      'half of the delimiters behind LF',
      `--XbXbXbX\r\n${part('a', '1')}\n--XbXbXbX\r\n${part('b', '2')}\r\n--XbXbXbX--`,
      differ,
    ],
    ['a delimiter behind a line feed too many', whole.replace('1\r\n--X', '1\r\n\n--X'), differ],
    ['a delimiter behind a carriage return', whole.replace('1\r\n--X', '1\r--X'), damaged],
    ['a delimiter behind a carriage return too many', whole.replace('1\r\n--X', '1\r\n\r--X'), damaged],
    ['a delimiter with no line end before it', whole.replace('1\r\n--X', '1--X'), damaged],
    ['the closing delimiter with no line end before it', whole.replace('3\r\n--X', '3--X'), damaged],
    ['a byte before the first delimiter', `x${whole}`, damaged],
    ['a NUL before the first delimiter', `\0${whole}`, damaged],
    ['a byte order mark of UTF-16 before the first delimiter', `\u00ff\u00fe${whole}`, damaged],
    ['a byte order mark before another delimiter', whole.replace('1\r\n', '1\r\n\u00ef\u00bb\u00bf'), damaged],
    ['a preamble without a line end', `preamble${whole}`, damaged],
    ['a blank before a delimiter', whole.replace('1\r\n', '1\r\n '), damaged],
    ['a hyphen before a delimiter', whole.replace('1\r\n', '1\r\n-'), damaged],
    ['a NUL behind a delimiter', whole.replace('1\r\n--XbXbXbX', '1\r\n--XbXbXbX\0'), damaged],
    ['a quote behind a delimiter', whole.replace('1\r\n--XbXbXbX', '1\r\n--XbXbXbX"'), damaged],
    ['a letter behind a delimiter', whole.replace('1\r\n--XbXbXbX', '1\r\n--XbXbXbXx'), damaged],
    ['a hyphen behind a delimiter', whole.replace('1\r\n--XbXbXbX', '1\r\n--XbXbXbX-'), damaged],
    ['two hyphens behind a delimiter', whole.replace('1\r\n--XbXbXbX', '1\r\n--XbXbXbX--'), damaged],
    ['a blank and a letter behind a delimiter', whole.replace('1\r\n--XbXbXbX', '1\r\n--XbXbXbX x'), damaged],
    ['a carriage return behind a delimiter', whole.replace('1\r\n--XbXbXbX\r\n', '1\r\n--XbXbXbX\r'), damaged],
    ['a carriage return too many behind a delimiter', whole.replace('1\r\n--XbXbXbX', '1\r\n--XbXbXbX\r'), damaged],
    [
      'a line feed too many behind a delimiter',
      whole.replace('1\r\n--XbXbXbX', '1\r\n--XbXbXbX\n'),
      'unreadable: a part has damaged headers',
    ],
    ['no line end behind a delimiter', whole.replace('1\r\n--XbXbXbX\r\n', '1\r\n--XbXbXbX'), damaged],
    ['one hyphen before a boundary', whole.replace('1\r\n--X', '1\r\n-X'), damaged],
    ['one hyphen before the first boundary', whole.replace('--X', '-X'), damaged],
    ['one hyphen before a boundary in the middle of a line', whole.replace('1\r\n--X', '1-X'), damaged],
    ['one hyphen behind the last boundary', whole.replace('X--', 'X-'), cutShort],
    ['no hyphens behind the last boundary', whole.replace('X--', 'X'), cutShort],
    ['the last boundary at the very end', whole.replace('X--\r\n', 'X'), cutShort],
    ['the last boundary and a carriage return at the very end', whole.replace('X--\r\n', 'X\r'), cutShort],
    ['a letter behind the closing delimiter', whole.replace('X--', 'X--x'), cutShort],
    [
      'a delimiter behind the closing one',
      `${whole}--XbXbXbX\r\n${part('d', '4')}`,
      'unreadable: a delimiter stands behind the closing one',
    ],
    ['a second closing delimiter', `${whole}--XbXbXbX--`, 'unreadable: a delimiter stands behind the closing one'],
    ['a part behind the closing delimiter', `${whole}${part('d', '4')}`, damaged],
    ['a damaged delimiter behind the closing one', `${whole} --XbXbXbX\r\n`, damaged],
    ['another boundary', whole.replaceAll('XbXbXbX', 'YbYbYbY'), 'unreadable: the boundary is not in the body'],
  ])('with %s', (_, body, problem) => {
    expect(read(body, 'XbXbXbX')).toBe(problem);
  });

  test.each([
    ['another header', 'Content-Type: text/plain\r\n'],
    ['eight other headers', 'X-Demo: 1\r\n'.repeat(8)],
    ['a folded header', 'Content-Type: text/plain;\r\n charset=utf-8\r\n'],
    ['headers that end in LF', 'X-Demo: 1\nX-Demo: 2\n'],
    ['a header with blanks before its colon', 'Content-Type \t: text/plain\r\n'],
  ])('with a letter behind a delimiter, and %s before the Content-Disposition', (_, headers) => {
    const damagedBody = whole.replace('1\r\n--XbXbXbX\r\n', `1\r\n--XbXbXbXx\r\n${headers}`);
    expect(read(damagedBody, 'XbXbXbX')).toBe(damaged);
  });

  test.each(['short', 'b'])('with a byte before a delimiter whose boundary is short: %s', (boundary) => {
    const body = bodyOf('3', boundary);
    expect(read(`x${body}`, boundary)).toBe(damaged);
    expect(read(body.replace('1\r\n', '1\r\nx'), boundary)).toBe(damaged);
    expect(read(body.replace('3\r\n', '3\r\nx'), boundary)).toBe(cutShort);
  });
});

/*
 * A whole body with one damage beside one of its delimiters. Damage is undetectable only when the result is the valid
 * body of another payload: a byte was added before the line end, or a payload that ends in the same line end has lost
 * the delimiter's own.
 */
describe('with one damage beside a delimiter the body is read whole or refused', () => {
  interface Body {
    readonly boundary: string;
    /** The line end before each delimiter but the first. */
    readonly lineEndBefore: string;
    /** The line end of all other lines. */
    readonly lineEnd: string;
    readonly closingEnd: string;
    /** Headers and payload of each part, as Latin-1 text. */
    readonly parts: readonly { readonly name: string; readonly headers: readonly string[]; readonly payload: string }[];
  }

  /** The body in pieces. The start of a delimiter is a piece, and so is the line end before and behind it. */
  function piecesOf({ boundary, lineEndBefore, lineEnd, closingEnd, parts }: Body): string[] {
    const pieces = parts.flatMap(({ headers, payload }, index) => [
      index === 0 ? '' : lineEndBefore,
      `--${boundary}`,
      lineEnd,
      [...headers, '', payload].join(lineEnd),
    ]);
    return [...pieces, lineEndBefore, `--${boundary}`, `--${closingEnd}`];
  }

  const name = fc.constantFrom('Recipient', 'Coverpagetext', 'Attachment');
  const text = fc.constantFrom('', '6505550100', 'Dear Sir or Madam', '100% --', 'x: y', '-');
  const bytes = fc
    .array(
      fc.oneof(
        fc.constantFrom('\r', '\n', '\r\n', '-', '--', '\0', '\r\n\r\n', 'X: y\r\n'),
        fc.uint8Array({ maxLength: 4 }).map((value) => Buffer.from(value).toString('latin1')),
      ),
      { maxLength: 6 },
    )
    .map((pieces) => pieces.join(''));
  const partOf = (payload: fc.Arbitrary<string>): fc.Arbitrary<Body['parts'][number]> =>
    fc.record({ name, payload, otherHeaders: fc.nat(2), isFile: fc.boolean() }).map((made) => {
      const disposition = `Content-Disposition: form-data; name="${made.name}"${made.isFile ? '; filename="a.pdf"' : ''}`;
      const others = ['Content-Type: application/pdf;', ' charset=binary'];
      const headers = [[disposition], [...others, disposition], [disposition, ...others]][made.otherHeaders] ?? [];
      return { name: made.name, payload: made.payload, headers };
    });
  const bodies: fc.Arbitrary<Body> = fc
    .record({
      boundary: fc.constantFrom('XbXbXbX', '---------------------------7d54b1fee05aa', '=_a:b?', 'b', '--'),
      lineEnds: fc.constantFrom(['\r\n', '\r\n'], ['\n', '\n'], ['\n', '\r\n'], ['\r\n', '\n']),
      closingEnd: fc.constantFrom('', '\r\n', '\n', '\0\0', '\r\nepilogue'),
      // Most payloads are text, as in every fax. The reason is at lineEndBytesBehindPayloads.
      texts: fc.array(partOf(text), { minLength: 3, maxLength: 4 }),
      documents: fc.array(partOf(bytes), { maxLength: 2 }),
    })
    .map(({ boundary, lineEnds: [lineEndBefore = '', lineEnd = ''], closingEnd, texts, documents }) => {
      const parts = [...texts, ...documents];
      return { boundary, lineEndBefore, lineEnd, closingEnd, parts };
    })
    .filter(({ boundary, parts }) => !parts.some(({ payload }) => payload.includes(`-${boundary}`)));

  /** Replaces the piece at an index that counts from the piece of a delimiter. */
  type Damage = (pieces: string[], delimiterAt: number) => void;
  const otherLineEnds = fc.constantFrom('', '\r', '\n', '\r\n', '\n\r', '\r\r\n', '\n\n', '\r\n\r\n');
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 9, 10, 13, 32, 45)).map((code) => String.fromCharCode(code));
  const damages: fc.Arbitrary<Damage> = fc.oneof(
    fc.tuple(fc.constantFrom(-1, 1), otherLineEnds).map(([side, lineEnd]): Damage => (pieces, at) => {
      const index = at + side;
      pieces[index] = (pieces[index] ?? '').replace(/^(--)?[\r\n]*/, (_, hyphens = '') => `${hyphens}${lineEnd}`);
    }),
    byte.map((inserted): Damage => (pieces, at) => {
      pieces[at] = inserted + (pieces[at] ?? '');
    }),
    byte.map((inserted): Damage => (pieces, at) => {
      pieces[at] += inserted;
    }),
    byte.map((inserted): Damage => (pieces, at) => {
      pieces[at + 1] = (pieces[at + 1] ?? '').replace(/^(?:--)?/, (hyphens) => `${hyphens}${inserted}`);
    }),
    fc.constant<Damage>((pieces, at) => {
      pieces[at - 1] = (pieces[at - 1] ?? '').slice(0, -1);
    }),
    fc.constant<Damage>((pieces, at) => {
      pieces[at] = (pieces[at] ?? '').slice(1);
    }),
    fc.constant<Damage>((pieces, at) => {
      pieces[at + 1] = (pieces[at + 1] ?? '').slice(1);
    }),
  );

  const payloads = (parts: Body['parts']) => parts.map(({ name: partName, payload }) => [partName, payload]);

  test('for random bodies and damages', () => {
    fc.assert(
      fc.property(bodies, damages, fc.nat(), (body, damage, choice) => {
        const pieces = piecesOf(body);
        expect(read(pieces.join(''), body.boundary)).toEqual(payloads(body.parts));

        const index = choice % (body.parts.length + 1);
        damage(pieces, 4 * index + 1);
        const damagedBody = pieces.join('');
        const seen = read(damagedBody, body.boundary);
        if (typeof seen === 'string') return;

        const payload = seen[index - 1]?.[1] ?? '';
        const parts = body.parts.map((one, at) => (at === index - 1 ? { ...one, payload } : one));
        const isOfOtherPayload = piecesOf({ ...body, parts }).join('') === damagedBody;
        expect(seen).toEqual(payloads(isOfOtherPayload ? parts : body.parts));
      }),
      { numRuns: 1000 },
    );
  });
});

test('text that looks like a boundary is payload, up to a number that no document reaches by chance', () => {
  const payload = '-b.'.repeat(maxLookAlikes);
  expect(read(bodyOf(payload, 'b'), 'b')).toEqual([...allParts.slice(0, 2), ['c', payload]]);
  expect(read(bodyOf(`${payload}-b.`, 'b'), 'b')).toBe('unreadable: the boundary stands in the documents too often');
});
