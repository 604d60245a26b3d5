import {
  checkCallBackNumber,
  checkCallerIds,
  checkForwardingNumbers,
} from '../../../../infra/commands/ringcentral-user/numbers.ts';
import { userOf } from '../doctor/user-of-secret.ts';

const server = 'https://platform.ringcentral.com';
const user = userOf(server);

const forwarding = (phoneNumber: string | undefined, ...features: string[]) => ({
  phoneNumber,
  label: undefined,
  type: undefined,
  features,
  record: {},
});

test('forwarding numbers with call forwarding can be used as From, and show four digits', () => {
  const numbers = [forwarding('+16505553711', 'CallForwarding'), forwarding('+16505551999', 'CallFlip')];
  expect(checkForwardingNumbers(numbers, user)).toEqual({
    name: 'forwarding numbers',
    outcome: 'ok',
    detail: '1 usable as From: ****3711',
  });
});

test('of many numbers the first five are shown', () => {
  const numbers = Array.from({ length: 7 }, (_, index) => forwarding(`+1650555000${index}`, 'CallForwarding'));
  expect(checkForwardingNumbers(numbers, user).detail).toBe(
    '7 usable as From: ****0000, ****0001, ****0002, ****0003, ****0004, ...',
  );
});

test.each([
  ['there is none', [], 'none of 0 numbers can be used as From'],
  ['none forwards calls', [forwarding('+16505551999', 'CallFlip')], 'none of 1 number can be used as From'],
  ['none has a number', [forwarding(undefined, 'CallForwarding')], 'none of 1 number can be used as From'],
])('the check of forwarding numbers fails when %s', (_, numbers, detail) => {
  expect(checkForwardingNumbers(numbers, user)).toMatchObject({ outcome: 'failed', detail });
});

test.each([
  ['not set', undefined, 'ok', 'not set: the first forwarding number is used'],
  ['in national format', '(650) 555-0100', 'ok', '****0100'],
  ['in E.164', '+442071838750', 'ok', '****8750'],
])('a call-back number that is %s passes', (_, callBackNumber, outcome, detail) => {
  const owner = userOf(server, callBackNumber === undefined ? {} : { callBackNumber });
  expect(checkCallBackNumber(owner)).toMatchObject({ name: 'call-back number', outcome, detail });
});

test('numbers with the feature CallerId can be used as Clid', () => {
  const records = [
    { phoneNumber: '+18889363711', features: ['CallerId'] },
    { phoneNumber: '+16505550100', features: ['SmsSender', 'CallerId'] },
    { phoneNumber: '+16505550101', features: ['SmsSender'] },
    { features: ['CallerId'] },
  ];
  expect(checkCallerIds({ records })).toEqual({
    name: 'caller ids',
    outcome: 'ok',
    detail: '2 usable as Clid: ****3711, ****0100',
  });
});

test.each([
  ['no number at all', {}],
  ['a number without the feature', { records: [{ phoneNumber: '+16505550101' }] }],
])('the check of caller ids fails with %s', (_, answer) => {
  expect(checkCallerIds(answer).outcome).toBe('failed');
});
