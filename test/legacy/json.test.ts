import { LegacyFailure } from '../../lib/domain/failure.ts';
import type { ForwardingNumber } from '../../lib/domain/forwarding-number.ts';
import { jsonCall, jsonCancel, jsonList, jsonStatus } from '../../lib/legacy/json.ts';
import { live, sessionView } from './session-view.ts';

function forwarding(features: readonly string[], record: Record<string, unknown>): ForwardingNumber {
  return { phoneNumber: undefined, label: undefined, type: undefined, features, record };
}

test('list has the unchanged records of the numbers usable as From', () => {
  const record = { id: '1', phoneNumber: '+16505551230', label: 'a;"b', other: { nested: [1] } };
  const numbers = [forwarding(['CallFlip'], { id: '0' }), forwarding(['CallForwarding'], record)];
  expect(jsonList(numbers)).toBe(
    '{"records":[{"id":"1","phoneNumber":"+16505551230","label":"a;\\"b","other":{"nested":[1]}}]}',
  );
  expect(jsonList([])).toBe('{"records":[]}');
});

test("a call is RingCentral's resource with our id, in the answers to both call and status", () => {
  const resource =
    '{"id":"123456789","status":{"callStatus":"InProgress","callerStatus":"Success","calleeStatus":"Busy"}}';
  expect(jsonCall('123456789', live('InProgress', 'Success', 'Busy'))).toBe(resource);
  expect(jsonStatus(sessionView(live('InProgress', 'Success', 'Busy')))).toBe(resource);
});

test('status of a call that is over throws session_unknown', () => {
  expect(() => jsonStatus(sessionView({ kind: 'gone' }))).toThrow(new LegacyFailure('session_unknown'));
});

test('cancel returns an empty object', () => {
  expect(jsonCancel).toBe('{}');
});
