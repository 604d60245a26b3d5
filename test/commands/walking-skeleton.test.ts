import { credentials, demoList } from '../demo.ts';
import { postFax, ringout } from '../handlers.ts';
import { startProduct, type Product } from '../product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.close());

test('list, call, status, cancel and fax work one after the other with one token request', async () => {
  const { ringout: handler, fax } = product.container();
  expect(await ringout(handler, { cmd: 'list', ...credentials })).toBe(demoList);
  const placed = await ringout(handler, {
    cmd: 'call',
    ...credentials,
    To: '(650) 555-0100',
    From: '6505553711',
    Prompt: '1',
  });
  expect(placed).toMatch(/^OK [1-9]\d{8} 3$/);
  const sid = placed.split(' ')[1] ?? '';
  expect(await ringout(handler, { cmd: 'status', SessionID: sid })).toBe(`OK ${sid} 1;+16505550100;1;+16505553711;1`);
  product.simulator.advanceClock(5000);
  expect(await ringout(handler, { cmd: 'status', SessionID: sid })).toBe(`OK ${sid} 1;+16505550100;1;+16505553711;0`);
  product.simulator.advanceClock(4000);
  expect(await ringout(handler, { cmd: 'status', SessionID: sid })).toBe(`OK ${sid} 0;+16505550100;0;+16505553711;0`);
  expect(await ringout(handler, { cmd: 'cancel', SessionID: sid })).toBe(`OK ${sid}`);
  product.simulator.advanceClock(60_000);
  expect(await ringout(handler, { cmd: 'status', SessionID: sid })).toBe(`OK ${sid} `);
  const sent = await postFax(fax, [
    ['Username', '18889363711*101'],
    ['Password', '1234'],
    ['Recipient', '6505550190|Ann "Quote" Example'],
    ['Attachment', new File(['hello fax'], 'order.txt')],
  ]);
  expect(sent).toEqual({
    statusCode: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    body: '0',
    isBase64Encoded: false,
  });
  expect(product.simulator.faxes).toHaveLength(1);
  expect(product.simulator.requests.filter(({ kind }) => kind === 'token')).toHaveLength(1);
  expect(product.simulator.unknownRequests).toEqual([]);
});
