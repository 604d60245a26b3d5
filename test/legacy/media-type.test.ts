import * as fc from 'fast-check';
import { parseMediaType } from '../../lib/legacy/media-type.ts';

describe('a header with parameters', () => {
  test.each<[string, string, Record<string, string>]>([
    ['text/plain', 'text/plain', {}],
    [' Multipart/Form-Data ; BOUNDARY=aB', 'multipart/form-data', { boundary: 'aB' }],
    ['multipart/form-data; boundary="a b"', 'multipart/form-data', { boundary: 'a b' }],
    ['multipart/form-data;boundary=----=_Part_1', 'multipart/form-data', { boundary: '----=_Part_1' }],
    ['multipart/form-data, boundary=x', 'multipart/form-data', { boundary: 'x' }],
    ['form-data; name=Username', 'form-data', { name: 'Username' }],
    ['form-data; name = "a" ; filename = b.pdf ', 'form-data', { name: 'a', filename: 'b.pdf' }],
    [String.raw`form-data; filename="C:\fax\new.pdf"`, 'form-data', { filename: String.raw`C:\fax\new.pdf` }],
    [String.raw`form-data; filename="C:\fax\"; name="a"`, 'form-data', { filename: 'C:\\fax\\', name: 'a' }],
    [String.raw`form-data; filename="a\"b.pdf"; name="a"`, 'form-data', { filename: String.raw`a\"b.pdf`, name: 'a' }],
    ['form-data; filename="a;b=c.pdf"; name=a', 'form-data', { filename: 'a;b=c.pdf', name: 'a' }],
    ['form-data; filename=""', 'form-data', { filename: '' }],
    ['form-data; filename=', 'form-data', { filename: '' }],
    ['form-data; filename="a.pdf; name=a', 'form-data', { filename: 'a.pdf', name: 'a' }],
    ['form-data; filename="a.pdf ; name=a', 'form-data', { filename: 'a.pdf', name: 'a' }],
    ['form-data; name=\t"a"\t', 'form-data', { name: 'a' }],
    ['form-data; filename="', 'form-data', { filename: '' }],
    ['form-data; name=a; name=b', 'form-data', { name: 'a' }],
    ['form-data; flag; name=a;', 'form-data', { name: 'a' }],
    ['form-data; =a; name=b', 'form-data', { name: 'b' }],
    ['form-data; __proto__=a', 'form-data', { ['__proto__']: 'a' }],
  ])('%s', (header, type, parameters) => {
    const parsed = parseMediaType(header);
    expect(parsed?.type).toBe(type);
    expect([...(parsed?.parameters ?? [])]).toEqual(Object.entries(parameters));
  });

  test.each([undefined, '', '  ', '; boundary=x'])('%j has no type', (header) => {
    expect(parseMediaType(header)).toBeUndefined();
  });

  test('any text is read', () => {
    const hostile = fc.string({ unit: fc.constantFrom('"', ';', '=', '\\', ' ', 'a', '\r', '\n') });
    fc.assert(fc.property(hostile, (header) => void parseMediaType(header)));
  });

  test('long runs of quotes, semicolons and blanks are read', () => {
    for (const run of ['"', ';', '=', '" ', ';"', '="', ' ']) {
      expect(parseMediaType(`a;b="${run.repeat(50_000)}`)?.type).toBe('a');
    }
  });
});
