import { catchAllHandler } from '../../lib/edge/catch-all-handler.ts';
import { toGateway, textAnswer } from '../../lib/edge/answer.ts';
import { text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials, faxCredentials, demoList } from '../demo.ts';
import { formPost, gatewayEvent, multipartPost } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';

const served = catchAllHandler({
  ringout: () => Promise.resolve(toGateway(textAnswer('ringout'))),
  fax: () => Promise.resolve(toGateway(textAnswer('fax'))),
});
const notServed = { ...text('5'), statusCode: 403 };

// conformance/transport.ts has the paths that programs and strangers send.
test('a path with more slashes is served', async () => {
  expect(await served({ path: '//ringout.asp//' }, {})).toEqual(text('ringout'));
});

test.each([
  '/',
  '',
  '/ringout/list/',
  '/ringout.asp;x',
  '/ringout.asp?cmd=list',
  '/%ringout.asp',
  '/../ringout.asp',
  '/constructor',
  `/${'a'.repeat(10_000)}`,
])('the path %s is not served', async (path) => {
  expect(await served({ path }, {})).toEqual(notServed);
});

test.each([undefined, null, 1, 'x', [], {}, { path: 7 }, { path: null }, { path: ['/ringout.asp'] }])(
  'the event %j is not served',
  async (event) => {
    expect(await served(event, {})).toEqual(notServed);
  },
);

describe('another spelling of a path is served like the usual one', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ repeatsAreOthers: true });
  });
  beforeEach(() => product.nextTest());
  afterAll(() => product.close());

  test('for GET and POST of the four commands', async () => {
    const path = '/RingOut.ASP/';
    const placed = await product.send({
      ...formPost({ cmd: 'call', ...credentials, To: '6505550100', From: '6505553711' }),
      path,
    });
    const sid = placed.body.split(' ')[1] ?? '';
    expect(placed).toEqual(text(`OK ${sid} 3`));
    expect(await product.send({ path, query: { cmd: 'status', SessionID: sid } })).toEqual(
      text(`OK ${sid} 1;+16505550100;1;+16505553711;1`),
    );
    expect(await product.send({ path, query: { cmd: 'cancel', SessionID: sid } })).toEqual(text(`OK ${sid}`));
    expect(await product.send({ path, query: { cmd: 'list', ...credentials } })).toEqual(text(demoList));
    expect(
      await product.send({ path, query: { cmd: 'list', ...credentials, Password: 'x', format: 'json' } }),
    ).toMatchObject({ statusCode: 401 });
  });

  test('for a fax', async () => {
    const parts = [...faxCredentials, field('Recipient', '6505550190'), file('a.txt', 'x')];
    expect(await product.send(multipartPost(parts, '/FAXAPI.asp'))).toEqual(text('0'));
    expect(await product.send(multipartPost(parts, '/faxout.asp/'))).toEqual(text('0'));
    expect(product.simulator.faxes).toHaveLength(2);
  });

  test.each([
    ['once when the path is served', '/FAXAPI.asp', 1],
    ['not at all when the path is unknown', '/admin', 0],
  ])('and its body is decoded %s', async (_, path, times) => {
    const event = gatewayEvent(multipartPost([...faxCredentials, field('Recipient', '6505550190')], path));
    const body = event['body'];
    const decode = jest.spyOn(Buffer, 'from');
    try {
      await product.sendEvent(event);
      expect(decode.mock.calls.filter(([source]: readonly unknown[]) => source === body)).toHaveLength(times);
    } finally {
      decode.mockRestore();
    }
  });

  test.each(['GET', 'POST', 'HEAD', 'PUT'])('but %s of an unknown path is not', async (method) => {
    expect(
      await product.send({ method, path: '/admin', query: { cmd: 'list', ...credentials, format: 'json' } }),
    ).toEqual(notServed);
    expect(product.simulator.requests).toEqual([]);
  });
});
