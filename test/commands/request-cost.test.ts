import { credentials, faxCredentials } from '../demo.ts';
import { gatewayEvent, lambdaContext, multipartPost, type EventOptions } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import { startProduct, type Product } from '../product.ts';

/* What one legacy request costs in a container that has served one before: docs/dev/performance.md. */

let product: Product;
beforeEach(async () => {
  product = await startProduct();
});
afterEach(() => product.close());

interface Cost {
  readonly upstream: number;
  /** Operations on the table, in their order. */
  readonly table: readonly string[];
  readonly secretReads: number;
}

const ringout = (query: Readonly<Record<string, string>>): EventOptions => ({ query });
const call = (To: string): EventOptions => ringout({ cmd: 'call', ...credentials, To, From: '6505553711' });
const fax = (Recipient: string): EventOptions =>
  multipartPost([...faxCredentials, field('Recipient', Recipient), file('order.txt', 'One order.')]);
const placed = async (cmd: string): Promise<EventOptions> => ringout({ cmd, SessionID: await product.place() });

test.each<[string, () => Promise<EventOptions>, Cost['table']]>([
  ['list', async () => ringout({ cmd: 'list', ...credentials }), ['Get']],
  // The mark against repeats goes before the call, the session after it.
  ['call', async () => call(nextNumber()), ['Get', 'Update', 'Put']],
  // One write claims the request for a status, one stores the answer.
  ['status', () => placed('status'), ['Get', 'Get', 'Update', 'Update']],
  // One write claims the cancel, so that only one of many is sent. One stores its result for later cancels and polls.
  ['cancel', () => placed('cancel'), ['Get', 'Update', 'Get', 'Update']],
  // The mark against repeats, and the outcome of the fax.
  ['fax', async () => fax(nextNumber()), ['Get', 'Update', 'Update']],
])('a warm %s makes one request to RingCentral and reads no secret', async (_, event, table) => {
  const { dynamoDb, operations } = product.watchedTable();
  let secretReads = 0;
  const send = (): Promise<unknown> => {
    secretReads += 1;
    return Promise.resolve({ SecretString: JSON.stringify(product.document) });
  };
  const container = product.container({ dynamoDb, secretsManager: { send: send as never } });
  const serve = async (options: EventOptions): Promise<string> => {
    const handler = options.method === 'POST' ? container.fax : container.ringout;
    return (await handler(gatewayEvent(options), lambdaContext())).body;
  };
  expect(await serve(await event())).toMatch(/^(?:OK |0$)/);
  const measured = await event();
  product.simulator.reset();
  operations.length = 0;
  secretReads = 0;

  await serve(measured);

  const cost: Cost = { upstream: product.simulator.requests.length, table: operations, secretReads };
  expect(cost).toEqual({ upstream: 1, table, secretReads: 0 });
});

let numbers = 0;
/** Returns a new number each time, because the same call or fax again would be a repeat. */
function nextNumber(): string {
  numbers += 1;
  return `65055501${10 + numbers}`;
}
