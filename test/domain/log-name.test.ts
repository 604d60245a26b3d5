import { claimInLog, maskNumber, nameInLog } from '../../lib/domain/log-name.ts';

test.each([
  ['+16505550100', '****0100'],
  ['5551', '****'],
  ['551', '****'],
  ['', '****'],
  ['12345', '****2345'],
])('the number %p is logged as %p', (number, masked) => {
  expect(maskNumber(number)).toBe(masked);
});

test.each([
  ['8889363711', '101', { account: '****3711', extension: '101' }],
  ['8889363711', '', { account: '****3711', extension: '' }],
  ['8889363711', '12345678', { account: '****3711', extension: '12345678' }],
])('the user %s, extension %j, is named %j', (username, extension, named) => {
  expect(nameInLog({ username, extension })).toEqual(named);
});

test.each([
  ['8889363711', '101', { account: '****3711', extension: '***' }],
  ['8889363711', '', { account: '****3711', extension: '' }],
  // A phone number or a PIN in the wrong field.
  [undefined, '12345678', { account: undefined, extension: '********' }],
  ['1234', '6505550100', { account: '****', extension: '**********' }],
  ['8889363711', '1'.repeat(5000), { account: '****3711', extension: '*'.repeat(20) }],
  [undefined, undefined, { account: undefined, extension: undefined }],
])('a claim to be %s, extension %j, is logged as %j', (username, extension, named) => {
  expect(claimInLog({ username, extension })).toEqual(named);
});
