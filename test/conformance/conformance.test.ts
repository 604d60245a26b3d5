import { describeClients } from './clients.ts';
import { describeFailures } from './failures.ts';
import { describeFaxUploads } from './fax-uploads.ts';
import { describeGolden } from './golden.ts';
import { describeTransport } from './transport.ts';
import { openSocketWorld, type SocketWorld } from './socket-world.ts';

/*
 * The legacy wire contract end to end. Bytes go over a socket to the running product with its bundles, and the whole
 * answer is compared. `CONFORMANCE_BASE_URL=https://host npx jest test/conformance` tests a deployment instead.
 */

let world: SocketWorld;
beforeAll(async () => {
  world = await openSocketWorld();
}, 200_000);
afterAll(() => world?.close());
beforeEach(() => world.forget());
// The simulator answers an unknown route with 501. A test of a fault could pass because of that.
afterEach(() => world.expectNothingUnknown());

// One file for each subject, and one running product for all of them.
const here = (): SocketWorld => world;
describe('transport', () => {
  describeTransport(here);
});
describeGolden(here);
describe('failures', () => {
  describeFailures(here);
});
describe('fax uploads', () => {
  describeFaxUploads(here);
});
describe('clients', () => {
  describeClients(here);
});
