import { credentials, faxCredentials } from '../demo.ts';
import { faxPath, gatewayEvent, lambdaContext, multipartPost, type EventOptions } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import { startProduct, type Product } from '../product.ts';

/*
 * A call or a fax never uses a connection that was idle for over two seconds, so nearly every one opens a connection. It
 * opens during the read from DynamoDB.
 */

let product: Product;
beforeAll(async () => {
  product = await startProduct({ repeatsAreOthers: true });
});
beforeEach(() => product.nextTest());
afterAll(() => product.close());

/** The first actions of a request in their order, and its answer. */
async function beginningOf(event: EventOptions): Promise<readonly unknown[]> {
  const done: string[] = [];
  const container = product.container({
    replace: ({ users, sessions, prepareConnection }) => ({
      prepareConnection(serverUrl, purpose) {
        expect(serverUrl).toBe(product.simulator.url);
        done.push(purpose);
        return prepareConnection(serverUrl, purpose);
      },
      users: {
        ...users,
        read(key) {
          done.push('row');
          return users.read(key);
        },
      },
      sessions: {
        ...sessions,
        claimCancel(...claim) {
          done.push('claim');
          return sessions.claimCancel(...claim);
        },
      },
    }),
  });
  const handler = event.path === faxPath ? container.fax : container.ringout;
  const { body } = await handler(gatewayEvent(event), lambdaContext());
  return [...done, body];
}

const call = { cmd: 'call', ...credentials, To: '6505550100', From: '6505553711' };

test('call, list, status and cancel open a connection before the row is read', async () => {
  expect(await beginningOf({ query: call })).toEqual(['placing', 'row', expect.stringMatching(/^OK \d{9} 3$/)]);
  expect(await beginningOf({ query: { cmd: 'list', ...credentials } })).toEqual([
    'reading',
    'row',
    expect.stringMatching(/^OK /),
  ]);
  const SessionID = await product.place();
  expect(await beginningOf({ query: { cmd: 'status', SessionID } })).toEqual([
    'reading',
    'row',
    expect.stringMatching(/^OK /),
  ]);
  expect(await beginningOf({ query: { cmd: 'cancel', SessionID } })).toEqual([
    'placing',
    'claim',
    'row',
    expect.stringMatching(/^OK /),
  ]);
  // A second cancel makes no request to RingCentral.
  expect(await beginningOf({ query: { cmd: 'cancel', SessionID } })).toEqual([expect.stringMatching(/^OK /)]);
});

const faxTo = (recipient: string): EventOptions =>
  multipartPost([...faxCredentials, field('Recipient', recipient), file('a.txt', 'demo')]);

test('a fax opens a connection before the row is read', async () => {
  expect(await beginningOf(faxTo('6505550100'))).toEqual(['placing', 'row', '0']);
});

test('no connection is opened for an invalid request, which fails after its credentials are checked', async () => {
  const { To: _, ...withoutTo } = call;
  expect(await beginningOf({ query: withoutTo })).toEqual(['row', expect.stringMatching(/^FAILED .*To/)]);
  expect(await beginningOf(faxTo('nobody'))).toEqual(['row', '5']);
});

test('no connection is opened for a wrong password, whatever else the request contains', async () => {
  const wrong = { ...call, Password: 'wrong' };
  const [answer, ...others] = await beginningOf({ query: wrong });
  expect(others).toEqual([]);
  expect(await beginningOf({ query: { ...wrong, To: '' } })).toEqual([answer]);
});
