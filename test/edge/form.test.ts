import { readEvent } from '../../lib/edge/event.ts';
import { brokenBody, readForm } from '../../lib/edge/form.ts';
import { maxFields } from '../../lib/legacy/url-encoded.ts';
import { formType, gatewayEvent } from '../gateway-event.ts';
import { concat, latin1, utf16, utf8 } from '../legacy/bytes.ts';
import { field, multipart } from '../multipart.ts';

const read = (contentType: string | undefined, body: Uint8Array | string) =>
  readForm(
    readEvent(
      gatewayEvent({ method: 'POST', body, headers: contentType === undefined ? {} : { 'Content-Type': contentType } }),
    ),
  );

describe('a body', () => {
  test.each([
    ['without a content type', undefined, 'cmd=list&Ext=101'],
    ['of the url-encoded type', 'application/x-www-form-urlencoded', 'cmd=list&Ext=101'],
    ['that a gateway labelled as JSON because it had no type', 'application/json', 'cmd=list&Ext=101'],
    ['that a gateway labelled as JSON, beginning with an array field', 'application/json', 'Recipient[]=1&cmd=list'],
    ['that a gateway labelled as JSON, beginning with a byte order mark', 'application/json', '\uFEFFcmd=list'],
    ['in UTF-16', `${formType}; charset=utf-16`, utf16('cmd=list')],
  ])('%s is read as a form', (_, contentType, body) => {
    const form = read(contentType, body);
    expect([form.body, form.fields.first('cmd')]).toEqual(['read', 'list']);
  });

  test.each([
    ['that is JSON', 'application/json', '{"cmd":"list"}'],
    ['of a type that no legacy program sends', 'text/xml', 'cmd=list'],
  ])('%s is ignored', (_, contentType, body) => {
    const form = read(contentType, body);
    expect([form.body, form.fields.first('cmd')]).toEqual(['ignored', undefined]);
  });
});

describe('a multipart body', () => {
  const part = (disposition: string, text: string): string =>
    `--x\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${text}\r\n`;
  const body = `${part('name="cmd"', 'list')}--x--\r\n`;

  test.each([
    ['as usual', 'multipart/form-data; boundary=x'],
    ['with a comma, as in RFC 1867', 'multipart/form-data, boundary=x'],
  ])('%s is read', (_, contentType) => {
    const form = read(contentType, body);
    expect([form.body, form.fields.first('cmd')]).toEqual(['read', 'list']);
  });

  test.each([
    ['an empty file name', 'name="Recipient"; filename=""'],
    ['a file name', 'name="Recipient"; filename="Recipient"'],
  ])('a text field with %s is still a text field', (_, disposition) => {
    const form = read('multipart/form-data; boundary=x', `${part(disposition, '6505550100')}--x--\r\n`);
    expect(form.fields.all('Recipient')).toEqual(['6505550100']);
  });

  test('a document under another name is not a text field', () => {
    const form = read('multipart/form-data; boundary=x', `${part('name="cmd2"; filename="a.pdf"', 'list')}--x--\r\n`);
    expect(form.fields.first('cmd2')).toBeUndefined();
  });

  test.each([
    ['base64', 'bGlzdA==', 'read', 'list'],
    ['base64', 'no base64!', 'unreadable', undefined],
  ])('a part in %s is decoded, or the whole body is refused', (encoding, text, state, cmd) => {
    const encoded = `--x\r\nContent-Disposition: form-data; name="cmd"\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${text}\r\n--x--\r\n`;
    const form = read('multipart/form-data; boundary=x', encoded);
    expect([form.body, form.fields.first('cmd')]).toEqual([state, cmd]);
  });
});

describe('the log hint for a body', () => {
  const body = '--x\r\nContent-Disposition: form-data; name="cmd"\r\n\r\nlist\r\n--x--';
  test.each([
    ['that is complete', body, undefined],
    ['that is cut short', body.slice(0, -2), 'cut_short: the closing delimiter is missing'],
    ['with a badly framed delimiter', body.replace('--x', ' --x'), 'unreadable: a delimiter is badly framed'],
  ])('%s', (_, text, hint) => {
    expect(brokenBody(read('multipart/form-data; boundary=x', text))?.detail.hint).toBe(hint);
  });

  test('that is shorter than its Content-Length', () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '99' };
    const form = readForm(readEvent(gatewayEvent({ method: 'POST', body: 'cmd=list', headers })));
    expect(brokenBody(form)?.detail.hint).toBe('cut_short');
  });
});

test.each<[string, string, Uint8Array]>([
  ['url-encoded', formType, utf8('a=b&'.repeat(maxFields + 1))],
  [
    'multipart',
    'multipart/form-data; boundary=x',
    multipart(
      Array.from({ length: maxFields + 1 }, () => field('Recipient', '1')),
      { boundary: 'x' },
    ),
  ],
])('a %s body of more than 20,000 fields is refused unread', (_, contentType, body) => {
  const form = read(contentType, body);
  expect([form.body, form.parts, form.fields.all('Recipient')]).toEqual(['unreadable', [], []]);
});

describe('a text is decoded', () => {
  const name = { windows1251: latin1('\xc0\xed\xed\xe0'), shiftJis: latin1('\x83\x41\x83\x93') };

  test.each<[string, string, Uint8Array | string, string]>([
    ['that the request declares', `${formType}; charset=windows-1251`, 'Coverpagetext=%C0%ED%ED%E0', 'Анна'],
    [
      'that the request declares in quotes and capitals',
      `${formType}; Charset="Shift_JIS"`,
      'Coverpagetext=%83A%83%93',
      'アン',
    ],
    [
      'that the request declares for unescaped bytes',
      `${formType}; charset=utf-16le`,
      utf16('Coverpagetext=Анна'),
      'Анна',
    ],
    [
      'that the bytes have when they cannot be the declared UTF-16',
      `${formType}; charset=utf-16le`,
      'Coverpagetext=M%FCller',
      'Müller',
    ],
    [
      'that the bytes have when the declared label is unknown',
      `${formType}; charset=x-unknown`,
      'Coverpagetext=M%FCller',
      'Müller',
    ],
    [
      'that the bytes have when they are not the declared UTF-8',
      `${formType}; charset=utf-8`,
      'Coverpagetext=M%FCller',
      'Müller',
    ],
  ])('in a form, with the encoding %s', (_, contentType, body, text) => {
    expect(read(contentType, body).fields.first('Coverpagetext')).toBe(text);
  });

  const textPart = (contentType: string | undefined, bytes: Uint8Array) => {
    const { headers } = field('Coverpagetext', '');
    const typed = contentType === undefined ? headers : [...headers, `Content-Type: ${contentType}`];
    return multipart([{ headers: typed, bytes }], { boundary: 'x' });
  };
  test.each<[string, string, string | undefined, Uint8Array, string]>([
    ['that the part declares', '', 'text/plain; charset=windows-1251', name.windows1251, 'Анна'],
    ['that the part declares in quotes', '', 'text/plain; charset="UTF-16LE"', utf16('Анна'), 'Анна'],
    [
      'that the part declares, in a request with another',
      '; charset=utf-8',
      'text/plain; charset=shift_jis',
      name.shiftJis,
      'アン',
    ],
    [
      'that the part declares as UTF-8, in a request with another',
      '; charset=windows-1251',
      'text/plain; charset=utf-8',
      utf8('Ärger'),
      'Ärger',
    ],
    ['that the request declares', '; charset=windows-1251', undefined, name.windows1251, 'Анна'],
    [
      'that the request declares, when the part declares an unknown label',
      '; charset=windows-1251',
      'text/plain; charset=x-unknown',
      name.windows1251,
      'Анна',
    ],
    [
      "that the bytes have when they cannot be in the request's encoding",
      '; charset=utf-16',
      'text/plain',
      utf8('Ärger'),
      'Ärger',
    ],
    ['that the bytes have without a declaration', '', 'text/plain', latin1('M\xfcller'), 'Müller'],
    [
      "that a byte order mark shows, against the request's declaration",
      '; charset=windows-1251',
      undefined,
      utf8('\uFEFFÄrger'),
      'Ärger',
    ],
    ['that the bytes have, without the NULs behind them', '', undefined, latin1('M\xfcller\0\0'), 'Müller'],
    [
      'UTF-16 that the part declares, without the NULs behind the text',
      '',
      'text/plain; charset=utf-16le',
      concat(utf16('Анна'), latin1('\0\0')),
      'Анна',
    ],
  ])('in a part, with the encoding %s', (_, parameter, contentType, bytes, text) => {
    const form = read(`multipart/form-data; boundary=x${parameter}`, textPart(contentType, bytes));
    expect([form.body, form.fields.first('Coverpagetext')]).toEqual(['read', text]);
  });

  test('but not in a document, whose bytes do not change', () => {
    const bytes = concat('\uFEFFtext', latin1('\xfc\0\0'));
    const document = multipart([field('Attachment', bytes)], { boundary: 'x' });
    expect(Buffer.from(read('multipart/form-data; boundary=x', document).parts[0]?.bytes ?? [])).toEqual(
      Buffer.from(bytes),
    );
  });
});

test.each([
  ['a content type', { 'Content-Type': 'multipart/form-data; boundary=x' }],
  ['a Content-Length', { 'Content-Length': '5' }],
])('a GET without a body is read from its query, although it has %s', (_, headers) => {
  const form = readForm(readEvent(gatewayEvent({ query: { cmd: 'list' }, headers })));
  expect([form.body, form.fields.first('cmd')]).toEqual(['read', 'list']);
});
