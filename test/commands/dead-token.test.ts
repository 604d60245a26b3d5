import { credentials, demoUser, faxCredentials } from '../demo.ts';
import { multipartPost } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import { startProduct, type Product } from '../product.ts';

/* A token that RingCentral rejects costs one refused request, however many requests follow. */

let product: Product;
afterEach(() => product.close());

const list = () => product.get({ cmd: 'list', ...credentials });
const call = () => product.get({ cmd: 'call', ...credentials, To: '6505550100' });
const fax = async () => {
  const parts = [field('Recipient', '6505550190'), file('letter.txt', 'x'), field('Coverpage', 'Letters')];
  return (await product.send(multipartPost([...faxCredentials, ...parts]))).body;
};

test.each<[string, () => Promise<string>, readonly string[]]>([
  ['a list of several pages', list, ['forwarding-number', 'token', 'forwarding-number', 'forwarding-number']],
  [
    'a call without From, with its look-up',
    call,
    ['forwarding-number', 'token', 'forwarding-number', 'forwarding-number', 'ring-out'],
  ],
  [
    'a fax, with the look-up of its cover page',
    fax,
    ['dictionary', 'token', ...Array<string>(3).fill('dictionary'), 'fax'],
  ],
])('a rejected token costs one refused request: %s', async (_, ask, expected) => {
  product = await startProduct({ users: [demoUser], simulator: { maximumPerPage: 5 }, repeatsAreOthers: true });
  expect(await list()).toMatch(/^OK /);
  product.nextTest();
  product.simulator.revokeAllTokens();
  expect(await ask()).toMatch(/^(?:OK |0$)/);
  expect(product.simulator.requests.map(({ kind }) => kind)).toEqual(expected);
});
