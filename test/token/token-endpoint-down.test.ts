import { credentials } from '../demo.ts';
import { ringout } from '../handlers.ts';
import { startProduct, type Product } from '../product.ts';

let product: Product;
beforeEach(async () => {
  product = await startProduct();
});
afterEach(() => product.close());

const tokenRequests = (): number => product.simulator.requests.filter(({ kind }) => kind === 'token').length;
const list = (handlers = product.container()): Promise<string> =>
  ringout(handlers.ringout, { cmd: 'list', ...credentials });

test('a burst on a token endpoint that is down asks it three times, not once for each request', async () => {
  product.simulator.failNext('token', { status: 500 }, 100);
  const answers = await Promise.all(Array.from({ length: 20 }, () => list()));
  expect(new Set(answers)).toEqual(new Set(['FAILED RingCentral could not be reached, it reports an internal error']));
  expect(tokenRequests()).toBeLessThanOrEqual(3);
});

test('the failure is not kept: the next request asks again, and succeeds once RingCentral is back', async () => {
  product.simulator.failNext('token', { status: 500 }, 1);
  expect(await list()).toMatch(/^FAILED /);
  expect(await list()).toMatch(/^OK /);
  expect(tokenRequests()).toBe(2);
});

test('one failure costs one request of a burst', async () => {
  product.simulator.failNext('token', { status: 500 }, 1);
  const answers = await Promise.all(Array.from({ length: 20 }, () => list()));
  expect(answers.filter((answer) => answer.startsWith('FAILED '))).toHaveLength(1);
  expect(tokenRequests()).toBe(2);
});
