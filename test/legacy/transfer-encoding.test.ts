import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { decodeTransferEncoding } from '../../lib/legacy/transfer-encoding.ts';
import { latin1 } from './bytes.ts';

const decode = (text: string, encoding: string | undefined): string | undefined => {
  const decoded = decodeTransferEncoding(latin1(text), encoding);
  return decoded === undefined ? undefined : Buffer.from(decoded).toString('latin1');
};

test.each<[string, string | undefined, string, string]>([
  ['no encoding is declared', undefined, 'aGVsbG8=', 'aGVsbG8='],
  ['the encoding is binary', 'binary', 'a=41\xff', 'a=41\xff'],
  ['the encoding is 8bit', '8bit', 'a=41\xff', 'a=41\xff'],
  ['the encoding is unknown', 'x-rot13', 'aGVsbG8=', 'aGVsbG8='],
  ['it is base64', 'base64', 'aGVsbG8=', 'hello'],
  ['it is base64 in lines', ' BASE64 ', 'aGVs\r\nbG8=\r\n', 'hello'],
  ['it is base64 among white space', 'base64', '\ta G\fVs\xa0bG8 = ', 'hello'],
  ['it is base64 without its padding', 'base64', 'aGVsbG8', 'hello'],
  ['it is nothing in base64', 'base64', '', ''],
  ['it is quoted-printable', 'quoted-printable', 'caf=E9 =3D=\r\n 1', 'caf\xe9 = 1'],
  ['its last line ends in a soft break', 'quoted-printable', 'ab=', 'ab'],
  ['it is quoted-printable with bare line feeds', 'Quoted-Printable', 'a=  \nb', 'ab'],
])('where %s (%p), %p is %p', (_, encoding, text, expected) => {
  expect(decode(text, encoding)).toBe(expected);
});

test.each([
  ['base64', 'not base64!'],
  ['base64', 'aGVsb'],
  ['base64', 'aGV=bG8='],
  ['quoted-printable', '100 =% sure'],
  ['quoted-printable', 'a=4G'],
  ['quoted-printable', 'a=\r'],
  ['quoted-printable', 'a= b'],
  ['x-uuencode', 'begin 644 a.txt\n#0V%T\n`\nend\n'],
  ['UUencode', 'begin 644 a.txt\n#0V%T\n`\nend\n'],
  ['mac-binhex40', '(This file must be converted with BinHex 4.0)'],
])('a payload that is not valid %s is refused: %p', (encoding, text) => {
  expect(decode(text, encoding)).toBeUndefined();
});

test('any bytes come back from base64', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64');
      expect(Buffer.from(decodeTransferEncoding(latin1(text), 'base64') ?? [])).toEqual(Buffer.from(bytes));
    }),
  );
});

/** As Python's quopri and mail programs write it: every byte escaped or not, in lines that end in a soft break. */
const inQuotedPrintable = (bytes: readonly number[], escapesAll: boolean): string =>
  bytes
    .map((byte, index) => {
      const isPlain = !escapesAll && byte >= 0x21 && byte <= 0x7e && byte !== 0x3d;
      const written = isPlain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
      return index % 20 === 19 ? `${written}=\r\n` : written;
    })
    .join('');

test('any bytes come back from quoted-printable', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, escapesAll) => {
      expect(decode(inQuotedPrintable([...bytes], escapesAll), 'quoted-printable')).toBe(
        Buffer.from(bytes).toString('latin1'),
      );
    }),
  );
});

test('any text is decoded or refused', () => {
  const piece = fc.constantFrom('=', '=41', '=4', '=\r\n', '=\n', '= \t', '\r', '\n', ' ', 'a', '\xff');
  fc.assert(
    fc.property(fc.array(piece), fc.constantFrom('base64', 'quoted-printable'), (pieces, encoding) => {
      const decoded = decode(pieces.join(''), encoding);
      expect(decoded === undefined || decoded.length <= pieces.join('').length).toBe(true);
    }),
  );
});

test('the largest body is decoded within 40 MB of heap, in either encoding', async () => {
  const { href } = pathToFileURL('lib/legacy/transfer-encoding.ts');
  const script = `
    const { decodeTransferEncoding } = await import('${href}');
    for (const [encoding, piece] of [['base64', 'QUFB'], ['quoted-printable', '=41=41=41']]) {
      const times = Math.floor(4_700_000 / piece.length);
      const decoded = decodeTransferEncoding(Buffer.from(piece.repeat(times)), encoding);
      console.log(encoding, Buffer.from('AAA'.repeat(times)).equals(decoded));
    }`;
  // A function of 256 MB has more than 40 MB to spare. A string for each escape would need far more.
  const args = ['--max-old-space-size=40', '--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toBe('base64 true\nquoted-printable true\n');
});
