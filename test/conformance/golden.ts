import { describeCall } from './call.ts';
import { describeCancel } from './cancel.ts';
import { describeFax } from './fax.ts';
import { describeList } from './list.ts';
import { describeParameters } from './parameters.ts';
import { describeStatus } from './status.ts';
import type { World } from './world.ts';

/** Requests and answers for the rules of the legacy contract. Sockets and handlers are tested with the same tables. */
export function describeGolden(world: () => World): void {
  describe('parameters', () => {
    describeParameters(world);
  });
  describe('list', () => {
    describeList(world);
  });
  describe('call', () => {
    describeCall(world);
  });
  describe('status', () => {
    describeStatus(world);
  });
  describe('cancel', () => {
    describeCancel(world);
  });
  describe('fax', () => {
    describeFax(world);
  });
}
