import * as fc from 'fast-check';
import type { ForwardingNumber } from '../../lib/domain/forwarding-number.ts';
import { renderList } from '../../lib/legacy/list.ts';
import { readNumber } from '../../lib/legacy/phone-number.ts';
import { forwarding } from './forwarding.ts';

const home = forwarding('+16505553711', 'Home');

describe('the answer to list', () => {
  test.each<[string, ForwardingNumber[], string]>([
    ['no numbers', [], 'OK '],
    [
      'the documented example',
      [home, forwarding('+16505551550', 'Business'), forwarding('+16505551233', 'Mobile')],
      'OK 6505553711;Home;6505551550;Business;6505551233;Mobile',
    ],
    [
      'only numbers with the feature',
      [forwarding('+16505551550', 'Flip', { features: ['CallFlip'] }), home],
      'OK 6505553711;Home',
    ],
    ['no features', [forwarding('+16505551550', 'None', { features: [] })], 'OK '],
    [
      'records without a number are left out',
      [forwarding(undefined, 'App'), forwarding(' ', 'Blank'), home],
      'OK 6505553711;Home',
    ],
    ['another country', [forwarding('+442079460000', 'London')], 'OK 442079460000;London'],
    ['a number without plus', [forwarding('16505551230', 'A')], 'OK 6505551230;A'],
    ['a number that cannot be read', [forwarding('x 12-34', 'A')], 'OK '],
    ['a number without digits', [forwarding('anonymous', 'A')], 'OK '],
    ['a semicolon in a label', [forwarding('+16505551230', 'a;b;')], 'OK 6505551230;a,b,'],
    ['control characters in a label', [forwarding('+16505551230', '\ta\r\nb\0c\u2028d\x85')], 'OK 6505551230;a  b c d'],
    ['an empty label takes the type', [forwarding('+16505551230', ' ', { type: 'Mobile' })], 'OK 6505551230;Mobile'],
    ['a type is cleaned like a label', [forwarding('+16505551230', '', { type: ';\n' })], 'OK 6505551230;,'],
    ['neither label nor type', [forwarding('+16505551230')], 'OK 6505551230;Phone'],
    ['a label of line ends only', [forwarding('+16505551230', '\r\n')], 'OK 6505551230;Phone'],
    ['equal labels', [home, home, home], 'OK 6505553711;Home;6505553711;Home 2;6505553711;Home 3'],
    [
      'equal labels whose next number is taken',
      [forwarding('+16505551231', 'Home 2'), home, home],
      'OK 6505551231;Home 2;6505553711;Home;6505553711;Home 3',
    ],
    [
      'labels that differ in case are not equal',
      [home, forwarding('+16505551231', 'HOME')],
      'OK 6505553711;Home;6505551231;HOME',
    ],
    [
      'labels that become equal',
      [forwarding('+16505551231', 'a;'), forwarding('+16505551232', 'a,')],
      'OK 6505551231;a,;6505551232;a, 2',
    ],
  ])('%s', (_, numbers, expected) => {
    expect(renderList(numbers, 'US')).toBe(expected);
  });

  test('prints numbers for the home country', () => {
    expect(renderList([home], 'GB')).toBe('OK 16505553711;Home');
  });

  test('has as many numbers as unique labels, whatever RingCentral sends', () => {
    const label = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('a', ' ', ';', '2', '\n') }),
      fc.constant(undefined),
    );
    const number = fc.oneof(fc.constantFrom('+16505551230', '+442079460000', undefined), fc.string());
    const numbers = fc.array(
      fc.record({
        phoneNumber: number,
        label,
        type: label,
        features: fc.constantFrom(['CallForwarding'], ['CallFlip']),
        record: fc.constant({}),
      }),
    );
    fc.assert(
      fc.property(numbers, (all) => {
        const text = renderList(all, 'US');
        expect(text).toMatch(/^OK /);
        const items = text === 'OK ' ? [] : text.slice(3).split(';');
        expect(items.length % 2).toBe(0);
        const printed = items.filter((_, index) => index % 2 === 0);
        expect(printed.filter((item) => readNumber(item, 'US') === undefined)).toEqual([]);
        const labels = items.filter((_, index) => index % 2 === 1);
        expect(new Set(labels).size).toBe(labels.length);
        for (const item of labels) expect(item).toMatch(/^\S(?:[^\p{Cc}\u2028\u2029]*\S)?$/u);
        for (const item of items.filter((_, index) => index % 2 === 0)) expect(item).toMatch(/^\d+$/);
      }),
    );
  });

  test('makes thousands of equal labels unique', () => {
    const items = renderList(
      Array.from({ length: 5_000 }, () => home),
      'US',
    ).split(';');
    expect(new Set(items).size).toBe(5_002);
    expect(items.at(-1)).toBe('Home 5000');
  });
});
