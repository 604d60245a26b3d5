import type { Credentials } from '../../lib/domain/credentials.ts';
import { readCredentials } from '../../lib/legacy/credentials.ts';
import { mergeFields } from '../../lib/legacy/fields.ts';
import type { FieldPair } from '../../lib/legacy/fields.ts';

const nobody: Credentials = { username: undefined, extension: '', password: undefined };

describe('credentials', () => {
  test.each<[string, Record<string, string>, Partial<Credentials>]>([
    ['nothing sent', {}, {}],
    ['empty fields count as not sent', { Username: '', Ext: ' ', Password: '' }, {}],
    ['a number with country code', { Username: '18889363711' }, { username: '8889363711' }],
    ['a number without country code', { username: '888-936-3711' }, { username: '8889363711' }],
    ['a number with plus and blanks', { USERNAME: ' +1 (888) 936-3711 ' }, { username: '8889363711' }],
    ['another country', { Username: '442079460000' }, { username: '442079460000' }],
    ['a username without digits', { Username: 'anna' }, { username: '' }],
    ['the extension as Ext', { Ext: '101' }, { extension: '101' }],
    ['the extension as extension', { extension: '101' }, { extension: '101' }],
    ['an empty Ext beside an Extension', { Ext: '', Extension: '101' }, { extension: '101' }],
    ['Ext before Extension', { Extension: '102', Ext: '101' }, { extension: '101' }],
    ['an extension without digits', { Ext: 'abc' }, { extension: undefined }],
    ['the extension in the username', { Username: '18889363711*101' }, { username: '8889363711', extension: '101' }],
    [
      'the extension in the username wins',
      { Username: '18889363711*101', Ext: '7' },
      { username: '8889363711', extension: '101' },
    ],
    [
      'a star with nothing behind it',
      { Username: '18889363711*', Ext: '7' },
      { username: '8889363711', extension: '7' },
    ],
    [
      'a star with no digits behind it',
      { Username: '18889363711*x', Ext: '7' },
      { username: '8889363711', extension: undefined },
    ],
    ['a star with nothing before it', { Username: '*101' }, { username: '', extension: '101' }],
    ['two stars', { Username: '18889363711*1*2' }, { username: '8889363711', extension: '12' }],
    ['a username longer than any number', { Username: '8'.padEnd(101, '-') }, { username: '' }],
    ['the longest username', { Username: '8'.padEnd(99, '-') + '7' }, { username: '87' }],
    ['an extension longer than any number', { Ext: '1'.repeat(101) }, { extension: undefined }],
    ['the password, trimmed', { password: ' 12 34 ' }, { password: '12 34' }],
  ])('%s', (_, sent, expected) => {
    const pairs: FieldPair[] = Object.entries(sent);
    expect(readCredentials(mergeFields(pairs, []))).toEqual({ ...nobody, ...expected });
  });
});
