import { checkEndpoint, checkList, skippedEndpoint } from '../../../../infra/commands/doctor/endpoint.ts';
import { createSendLegacy } from '../../../../infra/commands/legacy-endpoint/request.ts';
import { startProduct, type Product } from '../../../product.ts';
import { serveProduct, serveStub, type LegacyServer, type StubAnswer } from '../legacy-server.ts';

const servers: LegacyServer[] = [];
const stub = async (answer: StubAnswer) => {
  const server = await serveStub(answer);
  servers.push(server);
  return createSendLegacy(server.url);
};
afterAll(() => Promise.all(servers.map((server) => server.close())));

describe('the product itself', () => {
  let product: Product;
  let server: LegacyServer;
  beforeAll(async () => {
    product = await startProduct();
    server = await serveProduct(product);
  });
  afterAll(async () => {
    await server.close();
    await product.close();
  });

  test('answers every probe without a request to RingCentral', async () => {
    const checks = await checkEndpoint(createSendLegacy(server.url), () => 0.5);
    expect(checks.map(({ name, outcome, detail }) => [name, outcome, detail.replace(/ in \d+ ms/, '')])).toEqual([
      ['ringout.asp', 'ok', '"OK ****0000 "'],
      ['another spelling', 'ok', '"OK ****0001 "'],
      ['faxapi.asp', 'ok', '"5"'],
    ]);
    expect(product.simulator.requests).toEqual([]);
  });

  test.each([
    ['with the right password', '1234', 'ok', /^"OK \*\*\*\*3711;Home;/],
    ['with another password', 'wrong', 'failed', /Invalid User or Password/],
  ])('answers list %s', async (_, legacyPassword, outcome, detail) => {
    const user = { username: '8889363711', extension: '101', legacyPassword };
    const check = await checkList(createSendLegacy(server.url), user);
    expect(check).toMatchObject({ name: 'list', outcome, detail: expect.stringMatching(detail) });
  });
});

test('for a caller outside the allowlist every check is skipped with that reason', async () => {
  const send = await stub({ status: 403, headers: { 'content-type': 'text/plain' }, body: '5' });
  const checks = await checkEndpoint(send, () => 0.5);
  expect(checks).toEqual(
    skippedEndpoint('this computer is not in allowedCidrs: run the doctor where the legacy programs run'),
  );
});

const plain = { 'content-type': 'text/plain; charset=utf-8' };
test.each([
  ['a gateway that failed', { headers: plain, body: '5' }, 'it said "5"', /look at the logs/],
  [
    'a failure',
    { headers: plain, body: 'FAILED This service is not set up correctly' },
    'it said "FAILED This service is not set up correctly"',
    /sentence/,
  ],
  [
    'another status',
    { status: 502, headers: plain, body: 'OK 550000000 ' },
    'status 502 instead of 200',
    /stands in front/,
  ],
  [
    'a line end',
    { headers: plain, body: 'OK 550000000 \n' },
    'a line end behind the answer; it said "OK ****0000 ?"',
    /stands in front/,
  ],
  ['a byte order mark', { headers: plain, body: '\ufeffOK 550000000 ' }, 'it said "?OK ****0000 "', /stands in front/],
  ['a missing final space', { headers: plain, body: 'OK 550000000' }, 'it said "OK ****0000"', /stands in front/],
  [
    'a page of HTML',
    { headers: { 'content-type': 'text/html' }, body: '<h1>Hi</h1>' },
    'the content type is not text/plain; charset=utf-8; it said "<h1>Hi</h1>"',
    /stands in front/,
  ],
  [
    'no content type',
    { body: 'OK 550000000 ' },
    'the content type is not text/plain; charset=utf-8',
    /stands in front/,
  ],
  [
    'headers that keep it out of frames',
    { headers: { ...plain, 'x-frame-options': 'DENY', 'content-disposition': 'attachment' }, body: 'OK 550000000 ' },
    'X-Frame-Options keeps it out of frames; Content-Disposition makes it a download',
    /stands in front/,
  ],
  [
    'another route',
    { status: 403, headers: plain, body: 'Forbidden' },
    'status 403 instead of 200; it said "Forbidden"',
    /allowedCidrs/,
  ],
  ['nothing', { headers: plain, body: '' }, 'it said nothing', /stands in front/],
])('%s in place of the answer fails', async (_, answer, detail, remedy) => {
  const [check] = await checkEndpoint(await stub(answer), () => 0.5);
  expect(check).toEqual({
    name: 'ringout.asp',
    outcome: 'failed',
    detail,
    remedy: expect.stringMatching(remedy),
  });
});

test.each(['0', '', 'OK', '<html>', '{"a":1}'])('a fax endpoint that says "%s" to a GET fails', async (body) => {
  const checks = await checkEndpoint(await stub({ headers: plain, body }), () => 0.5);
  expect(checks[2]).toMatchObject({ name: 'faxapi.asp', outcome: 'failed' });
});

test('a refused connection fails with the code of the network error', async () => {
  const server = await serveStub({ body: '' });
  await server.close();
  const [check] = await checkEndpoint(createSendLegacy(server.url), () => 0.5);
  expect(check).toMatchObject({ outcome: 'failed', detail: 'the connection is refused (ECONNREFUSED)' });
});
