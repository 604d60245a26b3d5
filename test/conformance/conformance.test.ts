import { describeCall } from './call.ts';
import { describeCancel } from './cancel.ts';
import { describeClients } from './clients.ts';
import { describeFailures } from './failures.ts';
import { describeFax } from './fax.ts';
import { describeList } from './list.ts';
import { describeParameters } from './parameters.ts';
import { describeStatus } from './status.ts';
import { describeTransport } from './transport.ts';
import { openWorld, type World } from './world.ts';

/*
 * The legacy wire contract end to end: bytes sent over a socket to the running product, the bundles included, and the
 * answer compared whole. `CONFORMANCE_BASE_URL=https://host npx jest test/conformance` asks a deployment instead.
 */

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 200_000);
afterAll(() => world?.close());
beforeEach(() => world.forget());
// A route the simulator does not have would answer 501, which some fault tests could mistake for what they expect.
afterEach(() => world.expectNothingUnknown());

// One file for each subject, and one running product for all of them.
const here = (): World => world;
describe('transport', () => {
  describeTransport(here);
});
describe('parameters', () => {
  describeParameters(here);
});
describe('list', () => {
  describeList(here);
});
describe('call', () => {
  describeCall(here);
});
describe('status', () => {
  describeStatus(here);
});
describe('cancel', () => {
  describeCancel(here);
});
describe('failures', () => {
  describeFailures(here);
});
describe('fax', () => {
  describeFax(here);
});
describe('clients', () => {
  describeClients(here);
});
