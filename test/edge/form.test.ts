import { readEvent } from '../../lib/edge/event.ts';
import { brokenBody, readForm } from '../../lib/edge/form.ts';
import { gatewayEvent } from '../gateway-event.ts';

const read = (contentType: string | undefined, body: string) =>
  readForm(
    readEvent(
      gatewayEvent({ method: 'POST', body, headers: contentType === undefined ? {} : { 'Content-Type': contentType } }),
    ),
  );

describe('a body', () => {
  test.each([
    ['without a content type', undefined, 'cmd=list&Ext=101'],
    ['of the url-encoded type', 'application/x-www-form-urlencoded', 'cmd=list&Ext=101'],
    ['that a gateway called JSON for want of a type', 'application/json', 'cmd=list&Ext=101'],
    ['that a gateway called JSON, beginning with an array field', 'application/json', 'Recipient[]=1&cmd=list'],
  ])('%s is read as a form', (_, contentType, body) => {
    const form = read(contentType, body);
    expect([form.body, form.fields.first('cmd')]).toEqual(['read', 'list']);
  });

  test.each([
    ['that is JSON', 'application/json', '{"cmd":"list"}'],
    ['of a type no legacy program sends', 'text/xml', 'cmd=list'],
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
  ])('a text field with %s is a text field all the same', (_, disposition) => {
    const form = read('multipart/form-data; boundary=x', `${part(disposition, '6505550100')}--x--\r\n`);
    expect(form.fields.all('Recipient')).toEqual(['6505550100']);
  });

  test('a document under another name is no text field', () => {
    const form = read('multipart/form-data; boundary=x', `${part('name="cmd2"; filename="a.pdf"', 'list')}--x--\r\n`);
    expect(form.fields.first('cmd2')).toBeUndefined();
  });

  test.each([
    ['base64', 'bGlzdA==', 'read', 'list'],
    ['base64', 'no base64!', 'unreadable', undefined],
  ])('a part in %s is decoded, or the whole is refused', (encoding, text, state, cmd) => {
    const encoded = `--x\r\nContent-Disposition: form-data; name="cmd"\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${text}\r\n--x--\r\n`;
    const form = read('multipart/form-data; boundary=x', encoded);
    expect([form.body, form.fields.first('cmd')]).toEqual([state, cmd]);
  });
});

describe('what the log says of a body that cannot be trusted', () => {
  const body = '--x\r\nContent-Disposition: form-data; name="cmd"\r\n\r\nlist\r\n--x--';
  test.each([
    ['as it should be', body, undefined],
    ['cut short', body.slice(0, -2), 'cut_short: the closing delimiter is missing'],
    ['badly framed', body.replace('--x', ' --x'), 'unreadable: a delimiter is badly framed'],
  ])('%s', (_, text, note) => {
    expect(brokenBody(read('multipart/form-data; boundary=x', text))?.detail.note).toBe(note);
  });

  test('shorter than its Content-Length', () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '99' };
    const form = readForm(readEvent(gatewayEvent({ method: 'POST', body: 'cmd=list', headers })));
    expect(brokenBody(form)?.detail.note).toBe('cut_short');
  });
});

test.each([
  ['a content type', { 'Content-Type': 'multipart/form-data; boundary=x' }],
  ['a length', { 'Content-Length': '5' }],
])('a GET without a body, but with the header of one (%s), is its query', (_, headers) => {
  const form = readForm(readEvent(gatewayEvent({ query: { cmd: 'list' }, headers })));
  expect([form.body, form.fields.first('cmd')]).toEqual(['read', 'list']);
});
