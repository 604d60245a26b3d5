import { describeCall } from './call.ts';
import { describeCancel } from './cancel.ts';
import { describeFax } from './fax.ts';
import { describeList } from './list.ts';
import { describeParameters } from './parameters.ts';
import { describeStatus } from './status.ts';
import type { World } from './world.ts';

/** Request and answer for every rule of the legacy contract: the same tables for the socket and for the handlers. */
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
