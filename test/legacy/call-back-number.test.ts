import type { ForwardingNumber } from '../../lib/domain/forwarding-number.ts';
import { callBackNumber, callBackNumbers } from '../../lib/legacy/call-back-number.ts';
import { forwarding } from './forwarding.ts';

const home = forwarding('+16505553711', 'Home');

describe('the call-back number of a call without From', () => {
  test.each<[string, ForwardingNumber[], string | undefined]>([
    ['is the first number', [home, forwarding('+16505551550')], '+16505553711'],
    [
      'skips a number without the feature',
      [forwarding('+16505551550', 'Flip', { features: ['CallFlip'] }), home],
      '+16505553711',
    ],
    ['skips a record without a number', [forwarding(undefined), forwarding('101'), home], '+16505553711'],
    ['is missing without a usable number', [forwarding(undefined)], undefined],
    ['is missing without records', [], undefined],
  ])('%s', (_, numbers, expected) => {
    expect(callBackNumber(numbers, 'US')).toBe(expected);
  });
});

test('the numbers usable as From keep their order', () => {
  const mobile = forwarding('+16505551233', 'Mobile');
  expect(callBackNumbers([mobile, forwarding('+1', 'x', { features: [] }), home])).toEqual([mobile, home]);
});
