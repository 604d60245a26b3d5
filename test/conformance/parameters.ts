import { Buffer } from 'node:buffer';
import { field, type WirePart } from '../multipart.ts';
import { formType, query } from './requests.ts';
import { users } from './users.ts';
import { faxPost, formPost, localTest, plain, ringout, type World } from './world.ts';

const who = users.dana;
const refused = plain('FAILED Invalid User or Password');
const emptyList = plain('OK ');
const deskOnly = plain('OK 6505550132;Desk');

/** How programs may write names and values. The commands in these tests change nothing. */
export function describeParameters(world: () => World): void {
  describe('a session id is found', () => {
    test.each([
      ['names in any case', 'CMD=status&sESSIONid=100000001'],
      ['the value of cmd in any case', 'cmd=STATUS&SessionID=100000001'],
      ['white space around values and names', 'cmd=%20status%0D%0A&+SessionID=%09100000001+'],
      ['a plus for a space, and escapes', 'cmd=+status+&SessionID=1000%300001'],
      ['unknown parameters', 'cmd=status&__proto__=x&ws=3&t=1262304000000&css=x&SessionID=100000001'],
      ['bare names', 'cmd=status&Password&SessionID=100000001&Prompt&'],
      ['ampersands in a row', '&&cmd=status&&SessionID=100000001&&'],
      ['a parameter given twice', 'cmd=status&cmd=status&SessionID=100000001&SessionID=100000001'],
      ['the first value that is not empty', 'cmd=&cmd=status&SessionID=&SessionID=100000001&SessionID=100000002'],
    ])('with %s', async (_name, text) => {
      expect(await world().ask(`/ringout.asp?${text}`)).toEqual(plain('OK 100000001 '));
      expect(await world().ask(formPost(text))).toEqual(plain('OK 100000001 '));
    });

    test.each([
      ['a byte order mark before the first name', '\uFEFFcmd=status&SessionID=100000001'],
      ['NULs behind the last value', 'cmd=status&SessionID=100000001\0\0\0'],
      ['NULs behind every name and value', 'cmd\0=status\0&SessionID\0=100000001\0'],
      ['escaped NULs behind every name and value', 'cmd%00=status%00&SessionID%00=100000001%00%00'],
    ])('in a body with %s', async (_name, text) => {
      expect(await world().ask(formPost(text))).toEqual(plain('OK 100000001 '));
    });

    test('in a multipart body with byte order marks before values and NULs behind them', async () => {
      const parts = Object.entries({ cmd: 'status', SessionID: '100000001' }).map(([name, value]) =>
        field(name, `\uFEFF${value}\0\0`),
      );
      expect(await world().ask({ ...faxPost(parts), target: '/ringout.asp' })).toEqual(plain('OK 100000001 '));
    });

    test('beside broken escapes in a body', async () => {
      expect(await world().ask(formPost('t=%zz%&cmd=status&SessionID=100000001&%'))).toEqual(plain('OK 100000001 '));
    });

    test('in the body, also when the query has another one', async () => {
      const parts = {
        ...formPost('SessionID=100000002&cmd=cancel'),
        target: ringout({ cmd: 'status', SessionID: '100000001' }),
      };
      expect(await world().ask(parts)).toEqual(plain('OK 100000002'));
    });

    test('in the query when the one in the body is empty', async () => {
      const parts = { ...formPost('SessionID=%20&cmd='), target: ringout({ cmd: 'status', SessionID: '100000001' }) };
      expect(await world().ask(parts)).toEqual(plain('OK 100000001 '));
    });
  });

  describe('a user is recognised', () => {
    localTest.each([
      ['by the number with its country code', { Username: '18889363711' }],
      ['by the number without it', { Username: '8889363711' }],
      ['by the number with punctuation', { Username: '+1 (888) 936-3711' }],
      ['by number*extension', { Username: '18889363711*103', Ext: '' }],
      ['by number*extension, which wins over Ext', { Username: '18889363711*103', Ext: '999' }],
      ['by an extension in the field extension', { Username: '18889363711', Ext: '', extension: '103' }],
    ])('%s', async (_name, changes) => {
      const fields = { cmd: 'list', ...users.accented, ...changes };
      expect(await world().ask(ringout(fields))).toEqual(deskOnly);
    });

    localTest.each([{}, { Ext: '' }, { ext: ' ' }])('as the main line without an extension: %j', async (extension) => {
      expect(await world().ask(ringout({ cmd: 'list', ...users.main, ...extension }))).toEqual(emptyList);
    });

    localTest.each([
      ['UTF-8', 'Gr%C3%BCn'],
      ['Windows-1252', 'Gr%FCn'],
      ['raw UTF-8', 'Grün'],
      ["the output of JavaScript's escape()", '%47r%u00FCn'],
    ])('with a password in %s', async (_name, password) => {
      const text = `cmd=list&${query({ Username: users.accented.Username, Ext: '103' })}&Password=${password}`;
      expect(await world().ask(formPost(text))).toEqual(deskOnly);
    });

    localTest('with a password in raw Windows-1252 bytes in the body', async () => {
      const text = `cmd=list&Username=${who.Username}&Ext=103&Password=Grün`;
      const parts = { method: 'POST', target: '/ringout.asp', headers: { 'Content-Type': formType } };
      expect(await world().ask({ ...parts, body: Buffer.from(text, 'latin1') })).toEqual(deskOnly);
    });

    localTest('with a password in the query', async () => {
      expect(await world().ask(ringout({ cmd: 'list', ...users.accented }))).toEqual(deskOnly);
    });

    localTest.each<[string, WirePart]>([
      ['Windows-1252', field('Password', Buffer.from('Grün', 'latin1'))],
      [
        'the charset that the part declares',
        {
          headers: ['Content-Disposition: form-data; name="Password"', 'Content-Type: text/plain; charset=utf-16be'],
          bytes: Buffer.from('Grün', 'utf16le').swap16(),
        },
      ],
    ])('with a password in a multipart body in %s', async (_name, password) => {
      const parts = [field('cmd', 'list'), field('Username', who.Username), field('Ext', '103'), password];
      expect(await world().ask({ ...faxPost(parts), target: '/ringout.asp' })).toEqual(deskOnly);
    });

    localTest.each<[string, BufferEncoding]>([
      ['utf-16le', 'utf16le'],
      ['iso-8859-1', 'latin1'],
    ])('with a password in the charset that the content type declares: %s', async (charset, encoding) => {
      const text = `cmd=list&Username=${who.Username}&Ext=103&Password=Grün`;
      const headers = { 'Content-Type': `${formType}; charset=${charset}` };
      const parts = { method: 'POST', target: '/ringout.asp', headers, body: Buffer.from(text, encoding) };
      expect(await world().ask(parts)).toEqual(deskOnly);
    });

    localTest.each([
      ['with any password', { ...users.open, Password: 'whatever' }],
      ['with none', users.open],
      ['without being named, as the only such user', {}],
    ])('who has no legacy password, %s', async (_name, credentials) => {
      expect(await world().ask(ringout({ cmd: 'list', ...credentials }))).toEqual(deskOnly);
    });
  });

  describe('a user is refused', () => {
    test.each([
      ['a wrong password', { ...who, Password: 'not the password' }],
      ['no password', { Username: who.Username, Ext: who.Ext }],
      ['an unknown user', { Username: '18005550100', Ext: '1', Password: '1' }],
      ['an unknown extension', { ...who, Ext: '987654' }],
      ['an extension that is not a number', { ...who, Ext: 'abc' }],
      ['a user name without digits', { ...who, Username: 'demo' }],
    ])('for %s, with the exact text on record', async (_name, credentials) => {
      expect(await world().ask(ringout({ cmd: 'list', ...credentials }))).toEqual(refused);
    });

    localTest('without a request to RingCentral when the user is unknown', async () => {
      await world().ask(ringout({ cmd: 'list', Username: '18005550100', Password: '1' }));
      expect(world().simulator.requests).toEqual([]);
    });
  });
}
