import { headerParameter, parseMultipart } from '../../../../infra/local/simulator/multipart.ts';

const parse = (body: string, contentType = 'multipart/form-data; boundary=b') =>
  parseMultipart(Buffer.from(body, 'latin1'), contentType).map(({ name, fileName, contentType: type, bytes }) => ({
    name,
    fileName,
    type,
    text: bytes.toString('latin1'),
  }));
const part = (head: string, content = 'x') => `--b\r\n${head}\r\n\r\n${content}\r\n`;

test.each([
  ['a field', `${part('Content-Disposition: form-data; name="a"')}--b--`, { name: 'a', text: 'x' }],
  ['no content', `${part('Content-Disposition: form-data; name="a"', '')}--b--\r\n`, { name: 'a', text: '' }],
  [
    'line ends in the content',
    `${part('Content-Type: text/plain', '\r\n--\r\n')}--b--`,
    { type: 'text/plain', text: '\r\n--\r\n' },
  ],
  [
    'an escaped quotation mark, as browsers write it',
    `${part('Content-Disposition: form-data; name=a; filename="5%22 disk.txt"')}--b--`,
    { name: 'a', fileName: '5" disk.txt', text: 'x' },
  ],
  [
    'an extended file name',
    `${part("Content-Disposition: form-data; name=a; filename=x; filename*=UTF-8''na%C3%AFve.txt")}--b--`,
    { name: 'a', fileName: 'naïve.txt', text: 'x' },
  ],
])('a part with %s is read', (_name, body, expected) => {
  expect(parse(body)).toEqual([{ name: undefined, fileName: undefined, type: undefined, ...expected }]);
});

const field = part('Content-Disposition: form-data; name="a"');
test.each(
  [
    ['a preamble', `hello\r\n${field}--b--`, 'the body does not begin with the boundary'],
    ['bare line feeds', `${field}--b--`.replaceAll('\r\n', '\n'), 'the body does not begin with the boundary'],
    ['no final delimiter', field, 'a boundary is followed by neither a line end nor two hyphens'],
    ['a cut-off part', field.slice(0, -8), 'part 1 is not ended by a boundary'],
    ['an epilogue', `${field}--b--\r\nbye`, 'bytes follow the final boundary'],
    ['no empty line', '--b\r\nContent-Type: a\r\n--b--', 'part 1 has no empty line after its header'],
    ['a line without a name', `${part('nonsense')}--b--`, 'part 1 has a header line without a name'],
    ['a header twice', `${part('a: 1\r\nA: 2')}--b--`, 'part 1 has a twice'],
  ].map(([name, body, message]) => [name, body === field ? `${field}--b` : body, message] as const),
)('%s is refused', (_name, body, message) => {
  expect(() => parse(body ?? '')).toThrow(message);
});

test.each([
  ['multipart/form-data'],
  [`multipart/form-data; boundary=${'x'.repeat(71)}`],
  ['multipart/mixed; boundary=""'],
])('%s has no usable boundary', (contentType) => {
  expect(() => parse('--\r\n', contentType)).toThrow('boundary of 1 to 70 characters');
});

test.each([
  ['multipart/mixed; boundary="a b"', 'boundary', 'a b'],
  ['multipart/mixed; Boundary=ab; x=y', 'boundary', 'ab'],
  ['form-data; filename="a.txt"; name="n"', 'name', 'n'],
  ['form-data; filename="c:\\\\dir\\\\a.txt"', 'filename', 'c:\\dir\\a.txt'],
  ['form-data', 'name', undefined],
])('headerParameter of %s: %s', (header, name, expected) => {
  expect(headerParameter(header, name)).toBe(expected);
});
