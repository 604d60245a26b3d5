import { generousLimits } from '../../infra/local/simulator/rate-limit.ts';
import { faxCredentials } from '../demo.ts';
import { gatewayEvent, lambdaContext, multipartPost } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import { startProduct, type Product, type TestContainer } from '../product.ts';

/* What a fax costs on its way through the outbox, in warm containers: docs/dev/scale.md and docs/capacity-and-cost.md. */

let product: Product;
let entering: { readonly container: TestContainer; readonly table: string[] };
let sending: typeof entering;
beforeAll(async () => {
  // The simulator reports the requests that are left. With many left, no fax waits to leave some for calls.
  product = await startProduct({ outbox: true, simulator: { rateLimits: generousLimits } });
  [entering, sending] = [watchedContainer(), watchedContainer()];
  product.sendFaxesBy(sending.container);
  expect(await fax('the first')).toBe('0');
  await until(() => product.documents.size === 0);
});
afterAll(() => product.close());
beforeEach(() => {
  for (const operations of [entering.table, sending.table, product.outboxOperations]) operations.length = 0;
});

function watchedContainer() {
  const { dynamoDb, operations } = product.watchedTable();
  return { container: product.container({ dynamoDb }), table: operations };
}

async function fax(text: string): Promise<string> {
  const event = multipartPost([...faxCredentials, field('Recipient', '6505550190'), file('a.txt', text)]);
  return (await entering.container.fax(gatewayEvent(event), lambdaContext())).body;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await product.clock.sleep(5);
}

test('a fax is sent with seven operations on the table, one read of its documents and one deletion', async () => {
  const asked = product.simulator.requests.length;
  expect(await fax('sent at once')).toBe('0');
  await until(() => product.outboxOperations.includes('DeleteMessage'));
  // Reads of the fax's and the user's row. Two writes: taken, sent. Both reads again. A write of the user's last faxes.
  expect(sending.table).toEqual(['Get', 'Get', 'Update', 'Update', 'Get', 'Get', 'Update']);
  expect(product.outboxOperations).toEqual([
    'PutObject',
    'SendMessage',
    'GetObject',
    'DeleteObject',
    'ReceiveMessage',
    'DeleteMessage',
  ]);
  expect(product.simulator.requests.length - asked).toBe(1);
});

test('a fax that has to wait is entered with six operations on the table, one object and one message', async () => {
  product.simulator.failNext('fax', { status: 429, headers: { 'retry-after': '3600' } });
  expect(await fax('refused for now')).toBe('0');
  for (const operations of [entering.table, sending.table, product.outboxOperations]) operations.length = 0;

  expect(await fax('behind it')).toBe('0');

  // The user's row, the mark against repeats, the ticket, the fax, the promise, the end of the mark.
  expect(entering.table).toEqual(['Get', 'Update', 'Update', 'Put', 'Update', 'Update']);
  const asked = product.outboxOperations.filter((operation) => !/Visibility|Receive/.test(operation));
  expect(asked).toEqual(['PutObject', 'SendMessage']);
  // Meanwhile the sender checks the fax before it.
  await until(() => sending.table.length > 0);
  expect(new Set(sending.table)).toEqual(new Set(['Get']));
  product.clock.advance(3_601_000);
  await until(() => product.documents.size === 0);
});
