import { field } from '../multipart.ts';
import { boundary, formType, httpRequest, multipart, multipartType, query } from './requests.ts';
import { seen, type SocketWorld } from './socket-world.ts';
import { users } from './users.ts';
import { formPost, localTest, plain } from './world.ts';
import { send, sendInTurn } from './wire.ts';

/** A poll of an unknown id, which is answered without a request to RingCentral. */
const unknownStatus = { cmd: 'status', SessionID: '100000001' };
const target = `/ringout.asp?${query(unknownStatus)}`;
const answered = plain('OK 100000001 ');
const statusForm = formPost(unknownStatus);
const notServed = { status: 403, type: 'text/plain; charset=utf-8', text: '5' };

/** HTTP: what old libraries do that new ones do not, and the paths. */
export function describeTransport(world: () => SocketWorld): void {
  test.each([
    ['HTTP/1.0', { target, version: '1.0' }],
    ['Connection: keep-alive in HTTP/1.0', { target, version: '1.0', headers: { Connection: 'keep-alive' } }],
    ['no User-Agent and no Accept', { target }],
    ['an empty User-Agent', { target, headers: { 'User-Agent': ' ' } }],
    ['header names in lower case', { target, headers: { 'content-type': formType, accept: '*/*' } }],
    ['cookies of another site', { target, headers: { Cookie: 'a=b; c="d e"; =; $Version=1' } }],
    ['Accept-Encoding: gzip', { target, headers: { 'Accept-Encoding': 'gzip, deflate' } }],
    [
      'a frame in a page of another site, with its Referer and Origin',
      { target, headers: { Referer: 'http://crm.example/', Origin: 'http://crm.example' } },
    ],
    ['a GET with a content type', { target, headers: { 'Content-Type': 'text/html' } }],
    ['a POST with everything in the query', { method: 'POST', target, body: '' }],
    ['an empty form with everything in the query', { ...statusForm, target, body: '' }],
    ['a url-encoded POST', statusForm],
    ['a form without a content type', { ...statusForm, headers: {} }],
    [
      'a url-encoded POST whose content type has a charset',
      { ...statusForm, headers: { 'Content-Type': `${formType}; charset=iso-8859-1` } },
    ],
    [
      'a url-encoded POST whose content type is in mixed case',
      { ...statusForm, headers: { 'Content-Type': 'Application/X-WWW-Form-UrlEncoded' } },
    ],
    ['a POST without a content type and with everything in the query', { method: 'POST', target, body: 'x' }],
    ['every field in query and body, as libcurl sends them', { ...statusForm, target }],
    [
      'a form that has some of the fields, and a query that has the others',
      { ...formPost({ SessionID: unknownStatus.SessionID }), target: '/ringout.asp?cmd=status' },
    ],
    [
      'a multipart POST, as PHP sends an array',
      {
        method: 'POST',
        target: '/ringout.asp',
        headers: { 'Content-Type': multipartType },
        body: multipart(Object.entries(unknownStatus).map(([name, value]) => field(name, value))),
      },
    ],
    [
      'a multipart POST whose content type is in mixed case',
      {
        method: 'POST',
        target: '/ringout.asp',
        headers: { 'Content-Type': `Multipart/Form-Data; Boundary="${boundary}"` },
        body: multipart(Object.entries(unknownStatus).map(([name, value]) => field(name, value))),
      },
    ],
    [
      'a POST of another type with everything in the query',
      { method: 'POST', target, headers: { 'Content-Type': 'text/xml' }, body: '<a/>' },
    ],
  ] as const)('%s is served like any other', async (_name, parts) => {
    expect(await world().ask(parts)).toEqual(answered);
  });

  test.each([
    ['a link or a frame', { 'Sec-Fetch-Site': 'cross-site', Referer: 'http://crm.example/' }],
    ['a script', { Origin: 'http://crm.example' }],
  ] as const)('call, list and faxes from %s in a page of another site are refused', async (_name, headers) => {
    const refused = 'FAILED A web page of another site may not ask for this unless allowedOrigins names it';
    for (const cmd of ['call', 'list']) {
      expect(await world().ask({ target: `/ringout.asp?${query({ cmd, ...users.dana })}`, headers })).toEqual(
        plain(refused),
      );
    }
    const fax = formPost({ Username: '18889363711*101' }, '/faxapi.asp');
    expect(await world().ask({ ...fax, headers: { ...fax.headers, ...headers } })).toEqual(plain('5'));
  });

  localTest('HTTP/1.0 without a Host header is served like any other', async () => {
    expect(await world().ask({ target, version: '1.0', headers: { Host: '' } })).toEqual(answered);
  });

  test('Expect: 100-continue is answered before the body is sent', async () => {
    const { baseUrl, host } = world();
    const body = query(unknownStatus);
    const head = httpRequest(host, {
      method: 'POST',
      target: '/ringout.asp',
      headers: { 'Content-Type': formType, 'Content-Length': String(body.length), Expect: '100-continue' },
    });
    const answer = await send(baseUrl, head, { afterContinue: body });
    expect(answer && seen(answer)).toEqual(answered);
  });

  test('a client that sends Expect: 100-continue and does not wait is served', async () => {
    const headers = { ...statusForm.headers, Expect: '100-continue' };
    expect(await world().ask({ ...statusForm, headers })).toEqual(answered);
  });

  test('a chunked upload is read whole', async () => {
    const headers = { ...statusForm.headers, 'Transfer-Encoding': 'chunked' };
    const body = '10\r\ncmd=status&Sessi\r\n9\r\nonID=1000\r\n5\r\n00001\r\n0\r\n\r\n';
    expect(await world().ask({ ...statusForm, headers, body })).toEqual(answered);
  });

  test('two requests share a connection', async () => {
    const { baseUrl, host } = world();
    const request = httpRequest(host, { target, headers: { Connection: 'keep-alive' } }).toString();
    expect((await sendInTurn(baseUrl, [request, request])).map(seen)).toEqual([answered, answered]);
  });

  localTest('a truncated form places no call', async () => {
    const { baseUrl, host, simulator } = world();
    const call = formPost({ cmd: 'call', ...users.dana, To: '6505550100', From: '6505551550' });
    const cut = httpRequest(host, { ...call, headers: { ...call.headers, 'Content-Length': '200' } });
    await send(baseUrl, cut, { hangUp: true });
    expect(await world().ask(target)).toEqual(answered);
    expect(simulator.calls).toEqual([]);
  });

  test('an answer has no header that forbids frames, makes it a download, redirects or sets a cookie', async () => {
    const { headers } = await world().askWhole({ target });
    const forbidden = ['x-frame-options', 'content-security-policy', 'content-disposition', 'set-cookie', 'location'];
    expect(forbidden.filter((name) => headers.has(name))).toEqual([]);
  });

  test('an answer forbids caching', async () => {
    const { headers } = await world().askWhole({ target });
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('an answer ends without a line end and is not compressed', async () => {
    const { headers, body } = await world().askWhole({ target, headers: { 'Accept-Encoding': 'gzip' } });
    expect([headers.get('content-encoding'), body.toString('latin1')]).toEqual([undefined, 'OK 100000001 ']);
  });

  describe('paths', () => {
    test.each([
      '/ringout.asp',
      '/ringout.asp/',
      '/RingOut.asp',
      '/RINGOUT.ASP/',
      '/ringout%2Easp',
      '/RingOut.Asp/',
      '/ringout/status',
      '/ringout/status/',
    ])('%s answers as ringout.asp', async (path) => {
      expect(await world().ask(`${path}?${query(unknownStatus)}`)).toEqual(answered);
    });

    test.each(['/faxapi.asp', '/faxapi.asp/', '/FaxApi.ASP', '/faxout.asp', '/faxout.asp/', '/FAXOUT.ASP/'])(
      '%s answers as faxapi.asp',
      async (path) => {
        const parts = [field('Username', '18889363711*101'), field('Password', 'not the password')];
        expect(
          await world().ask({
            method: 'POST',
            target: path,
            headers: { 'Content-Type': multipartType },
            body: multipart(parts),
          }),
        ).toEqual(plain('1'));
      },
    );

    test.each(['/ringout/list', '/ringout/call', '/ringout/status', '/ringout/cancel'])(
      '%s is one command, whatever cmd is',
      async (path) => {
        const answers = {
          '/ringout/list': 'FAILED Invalid User or Password',
          '/ringout/call': 'FAILED Invalid User or Password',
          '/ringout/status': 'OK 100000001 ',
          '/ringout/cancel': 'OK 100000001',
        };
        const fields = { cmd: 'list', SessionID: '100000001', Username: '18005550100' };
        expect(await world().ask(`${path}?${query(fields)}`)).toEqual(plain(answers[path as keyof typeof answers]));
      },
    );

    test.each(['/index.html', '/ringout', '/ringout.aspx', '/ringout.asp/list', '/a/ringout.asp', '/ringout.asp%20'])(
      '%s is not served: 403 with the body 5',
      async (path) => {
        expect(await world().ask(`${path}?${query(unknownStatus)}`)).toEqual(notServed);
      },
    );

    test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is refused with neither OK nor 0', async (method) => {
      expect(await world().ask({ method, target })).toEqual(plain('FAILED This HTTP method is not served here'));
      expect(await world().ask({ method, target: '/faxapi.asp' })).toEqual(plain('5'));
      expect(await world().ask({ method, target: '/ringout/status' })).toEqual(notServed);
    });
  });
}
