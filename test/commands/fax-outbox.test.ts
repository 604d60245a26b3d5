import type { Fault } from '../../infra/local/simulator/faults.ts';
import { faxCredentials } from '../demo.ts';
import { multipartPost } from '../gateway-event.ts';
import { field, file, type WirePart } from '../multipart.ts';
import { startProduct, type Product } from '../product.ts';

/*
 * The answers to programs when faxes go through the outbox. They are the same as without it, but `0` while RingCentral is
 * unavailable. test/outbox tests the sending, and conformance/fax.ts the faxes and RingCentral's refusals.
 */

let product: Product;
beforeAll(async () => {
  product = await startProduct({ outbox: true, repeatsAreOthers: true });
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

const recipient = field('Recipient', '6505550190');
const letter = file('letter.txt', 'Dear Sir or Madam');
const send = async (parts: readonly WirePart[]): Promise<string> => (await product.send(multipartPost(parts))).body;
const fax = (...parts: readonly WirePart[]): Promise<string> => send([...faxCredentials, recipient, letter, ...parts]);

/** Advances time until RingCentral has this many faxes and no documents wait. */
async function until(faxes: number): Promise<void> {
  while (product.simulator.faxes.length < faxes || product.documents.size > 0) {
    product.clock.advance(5000);
    await product.clock.sleep(20);
  }
}

test('the key of waiting documents is the id of the fax alone', async () => {
  product.simulator.failNext('fax', { status: 503 });
  expect(await fax()).toBe('0');
  expect([...product.documents.keys()]).toEqual([expect.stringMatching(/^[\da-f-]{36}$/)]);
  await until(1);
});

describe('a failure that is answered at once', () => {
  test.each<[string, readonly WirePart[], string]>([
    ['a wrong password', [field('Username', '8005550100'), field('Password', 'guess'), recipient, letter], '1'],
    ['no recipient', [...faxCredentials, letter], '3'],
    ['nothing to fax', [...faxCredentials, recipient], '4'],
    ['a recipient that is not a number', [...faxCredentials, field('Recipient', '12'), letter], '5'],
  ])('%s', async (_, parts, digit) => {
    expect(await send(parts)).toBe(digit);
    expect(product.documents.size).toBe(0);
  });
});

describe('a fax that is answered 0 arrives once', () => {
  test.each<[string, Fault, number]>([
    ['RingCentral is down', { status: 503 }, 1],
    ['RingCentral is down for a while', { status: 503 }, 3],
    ['the connection breaks before RingCentral has it', 'reset-before', 1],
    ['the connection breaks when RingCentral has it', 'reset-after', 1],
    ['RingCentral fails when it has it', { status: 502, carriedOut: true }, 1],
    ['RingCentral says that an equal request is under way', { status: 429, errorCode: 'CMN-304', carriedOut: true }, 1],
    ['RingCentral says that an equal request is under way, and it is not', { status: 429, errorCode: 'CMN-304' }, 1],
    ['the user has sent too many', { status: 429, errorCode: 'CMN-301' }, 1],
    ['the answer is not JSON', 'not-json', 1],
    ['a proxy refuses', { status: 403, body: '<html>', contentType: 'text/html' }, 1],
    ['a proxy closes the connection to RingCentral, which has it', { status: 499, body: '', carriedOut: true }, 1],
    ['a proxy answers that it is there already', { status: 409, body: '<html>', carriedOut: true }, 1],
  ])('although %s', async (_, fault, times) => {
    product.simulator.failNext('fax', fault, times);
    expect(await fax()).toBe('0');
    await until(1);
    expect(product.simulator.faxes).toHaveLength(1);
  });
});

test('a repeat of a waiting fax is answered 0 and adds nothing to the outbox', async () => {
  const careful = await startProduct({ outbox: true });
  try {
    careful.simulator.failNext('fax', { status: 503 });
    const event = multipartPost([...faxCredentials, recipient, letter]);
    const bodies = [await careful.send(event), await careful.send(event), await careful.send(event)];
    expect(bodies.map(({ body }) => body)).toEqual(['0', '0', '0']);
    expect(careful.documents.size).toBe(1);
  } finally {
    await careful.close();
  }
});
