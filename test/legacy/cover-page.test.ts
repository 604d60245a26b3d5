import type { CoverPage } from '../../lib/domain/fax.ts';
import { readCoverPage } from '../../lib/legacy/cover-page.ts';

describe('the cover page', () => {
  test.each([
    ['None', 0],
    ['Ancient', 1],
    ['Birthday', 2],
    ['Blank', 3],
    ['ClasMod', 4],
    ['Classic', 5],
    ['Confidential', 6],
    ['Contempo', 7],
    ['Elegant', 8],
    ['Express', 9],
    ['Formal', 10],
    ['Jazzy', 11],
    ['Modern', 12],
    ['Urgent', 13],
  ])('%s is %d, in any case and by its number', (name, index) => {
    for (const text of [name, name.toLowerCase(), name.toUpperCase(), ` ${name} `, String(index)]) {
      expect(readCoverPage(text)).toEqual({ kind: 'index', index });
    }
  });

  test.each<[string | undefined, CoverPage]>([
    [undefined, { kind: 'default' }],
    ['', { kind: 'default' }],
    [' ', { kind: 'default' }],
    ['Default', { kind: 'default' }],
    ['DEFAULT', { kind: 'default' }],
    ['007', { kind: 'index', index: 7 }],
    ['14', { kind: 'named', name: '14' }],
    ['-1', { kind: 'named', name: '-1' }],
    ['1.5', { kind: 'named', name: '1.5' }],
    ['99999999999999999999', { kind: 'named', name: '99999999999999999999' }],
    [' My Page ', { kind: 'named', name: 'my page' }],
    ['__proto__', { kind: 'named', name: '__proto__' }],
  ])('%j', (text, expected) => {
    expect(readCoverPage(text)).toEqual(expected);
  });
});
