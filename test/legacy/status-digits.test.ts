import * as fc from 'fast-check';
import { statusGroups } from '../../lib/legacy/status-digits.ts';
import { live, sessionView } from './session-view.ts';

function groups(call: string, caller: string, callee: string): string {
  const result = statusGroups(sessionView(live(call, caller, callee)));
  return `${result?.general} ${result?.destination} ${result?.callBack}`;
}

describe('one status', () => {
  test.each([
    ['Success', 0],
    ['InProgress', 1],
    ['Busy', 2],
    ['NoAnswer', 3],
    ['Rejected', 4],
    ['GenericError', 5],
    ['Finished', 6],
    ['InternationalDisabled', 7],
    ['DestinationBlocked', 8],
    ['Invalid', 5],
    ['RingOutFromThisNumberIsNotSupported', 5],
    ['NotEnoughFunds', 5],
    ['NosuchUser', 5],
    ['NoSuchUser', 5],
    ['Error', 5],
    ['CannotReach', 5],
    ['NoAnsweringMachine', 5],
    ['Unknown', 5],
    ['NoSessionFound', 1],
    ['SomethingNew', 5],
    ['', 5],
    ['__proto__', 5],
    ['constructor', 5],
    ['success', 0],
    ['INPROGRESS', 1],
    [' Busy ', 2],
  ])('%j is %d, for the call and for each party', (status, digit) => {
    expect(groups(status, 'InProgress', 'InProgress')).toBe(`${digit} 1 1`);
    expect(groups('InProgress', status, 'InProgress')).toBe(`1 1 ${digit}`);
    expect(groups('InProgress', 'InProgress', status)).toBe(`1 ${digit} 1`);
  });
});

test('the groups have the numbers, and a call that is over or unknown has no groups', () => {
  expect(statusGroups(sessionView(live('Success', 'Success', 'Success')))).toEqual({
    general: 0,
    to: '+16505551230',
    destination: 0,
    from: '+16505553711',
    callBack: 0,
  });
  expect(statusGroups(sessionView({ kind: 'gone' }))).toBeUndefined();
  expect(statusGroups(undefined)).toBeUndefined();
});

describe('a call', () => {
  test.each([
    ['the call-back phone rings', 'InProgress', 'InProgress', 'InProgress', '1 1 1'],
    ['the call-back party answered', 'InProgress', 'Success', 'InProgress', '1 1 0'],
    ['both talk', 'Success', 'Success', 'Success', '0 0 0'],
    ['one has hung up', 'Success', 'Finished', 'Success', '0 0 6'],
    ['the other has hung up', 'Success', 'Success', 'Finished', '0 6 0'],
    ['both have hung up', 'Success', 'Finished', 'Finished', '6 6 6'],
    ['both have hung up, in another case', 'finished', 'FINISHED', 'finished', '6 6 6'],
    ['the call-back party rejects', 'CannotReach', 'Rejected', 'InProgress', '2 5 4'],
    ['the call-back party rejects, whatever the destination says', 'CannotReach', 'Rejected', 'Busy', '2 5 4'],
    ['international calls are disabled', 'CannotReach', 'Success', 'InternationalDisabled', '7 7 0'],
    ['the destination is blocked', 'CannotReach', 'Success', 'DestinationBlocked', '8 8 0'],
    ['the destination is busy', 'CannotReach', 'Success', 'Busy', '2 2 0'],
    ['the destination does not answer', 'CannotReach', 'Success', 'NoAnswer', '3 3 0'],
    ['the destination rejects', 'CannotReach', 'Success', 'Rejected', '4 4 0'],
    [
      'the status of the destination counts before that of the call-back party',
      'CannotReach',
      'NoAnswer',
      'Busy',
      '2 2 3',
    ],
    ['the call-back party may not be called abroad', 'CannotReach', 'InternationalDisabled', 'InProgress', '7 1 7'],
    ['the call-back party is blocked', 'CannotReach', 'DestinationBlocked', 'InProgress', '8 1 8'],
    ['the call-back party is busy', 'CannotReach', 'Busy', 'InProgress', '2 1 2'],
    ['the call-back party does not answer', 'CannotReach', 'NoAnswer', 'GenericError', '3 5 3'],
    ['the reason is unknown', 'CannotReach', 'Success', 'InProgress', '5 1 0'],
    ['the reason is an error', 'CannotReach', 'GenericError', 'GenericError', '5 5 5'],
    ['it cannot be reached, in another case', 'CANNOTREACH', 'success', 'busy', '2 2 0'],
    ['a failure that is not CannotReach is not refined', 'NoAnsweringMachine', 'Success', 'Busy', '5 2 0'],
    ['a party rejects while the call goes on', 'InProgress', 'Rejected', 'InProgress', '1 1 4'],
  ])('%s', (_, call, caller, callee, expected) => {
    expect(groups(call, caller, callee)).toBe(expected);
  });

  test('always has digits, whatever RingCentral returns', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (call, caller, callee) => {
        expect(groups(call, caller, callee)).toMatch(/^[0-8] [0-8] [0-8]$/);
      }),
    );
  });
});
