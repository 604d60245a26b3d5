import { maskNumber, nameInLog } from '../../lib/domain/log-name.ts';

test.each([
  ['+16505550100', '****0100'],
  ['5551', '****'],
  ['551', '****'],
  ['', '****'],
  ['12345', '****2345'],
])('of the number %p, %p is logged', (number, masked) => {
  expect(maskNumber(number)).toBe(masked);
});

test.each([
  [
    { username: '8889363711', extension: '101' },
    { account: '****3711', extension: '101' },
  ],
  [
    { username: '8889363711', extension: '' },
    { account: '****3711', extension: '' },
  ],
  [
    { username: undefined, extension: undefined },
    { account: undefined, extension: undefined },
  ],
  [
    { username: '8889363711', extension: '12345678' },
    { account: '****3711', extension: '12345678' },
  ],
  // A phone number in the wrong field.
  [
    { username: '8889363711', extension: '6505550100' },
    { account: '****3711', extension: '****0100' },
  ],
])('%j is named %j', (who, named) => {
  expect(nameInLog(who)).toEqual(named);
});
