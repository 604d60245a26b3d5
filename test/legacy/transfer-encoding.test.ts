import * as fc from 'fast-check';
import { decodeTransferEncoding } from '../../lib/legacy/transfer-encoding.ts';
import { latin1 } from './bytes.ts';

const decode = (text: string, encoding: string | undefined): string | undefined => {
  const decoded = decodeTransferEncoding(latin1(text), encoding);
  return decoded === undefined ? undefined : Buffer.from(decoded).toString('latin1');
};

test.each<[string, string | undefined, string, string]>([
  ['nothing is said', undefined, 'aGVsbG8=', 'aGVsbG8='],
  ['the bytes are what they are', 'binary', 'a=41\xff', 'a=41\xff'],
  ['likewise', '8bit', 'a=41\xff', 'a=41\xff'],
  ['nobody knows what is meant', 'x-rot13', 'aGVsbG8=', 'aGVsbG8='],
  ['it is base64', 'base64', 'aGVsbG8=', 'hello'],
  ['it is base64 in lines', ' BASE64 ', 'aGVs\r\nbG8=\r\n', 'hello'],
  ['it is base64 without its padding', 'base64', 'aGVsbG8', 'hello'],
  ['it is nothing in base64', 'base64', '', ''],
  ['it is quoted-printable', 'quoted-printable', 'caf=E9 =3D=\r\n 1', 'caf\xe9 = 1'],
  ['its last line goes on', 'quoted-printable', 'ab=', 'ab'],
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
])('what is not in %s as it claims is refused: %p', (encoding, text) => {
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
