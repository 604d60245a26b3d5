import * as fc from 'fast-check';
import type { E164 } from '../../lib/domain/phone.ts';
import { printNumber, readNumber } from '../../lib/legacy/phone-number.ts';

describe('reading a number', () => {
  test.each([
    ['US', '6505551230', '+16505551230'],
    ['US', '16505551230', '+16505551230'],
    ['US', '+16505551230', '+16505551230'],
    ['US', '+1 (650) 555-1230', '+16505551230'],
    ['US', '(650) 555.1230', '+16505551230'],
    ['US', '(+1) 650/555-1230', '+16505551230'],
    ['US', '６５０５５５１２３０', '+16505551230'],
    ['US', '650\u2011555\u00a01230\u202c', '+16505551230'],
    ['US', '011442079460000', '+442079460000'],
    ['US', '442079460000', '+442079460000'],
    ['US', '+442079460000', '+442079460000'],
    ['US', '+44 (0)20 7946 0000', '+442079460000'],
    ['US', '+6591234567', '+6591234567'],
    ['US', '6591234567', '+16591234567'],
    ['CA', '4165550100', '+14165550100'],
    ['GB', '02079460000', '+442079460000'],
    ['GB', '442079460000', '+442079460000'],
    ['GB', '00442079460000', '+442079460000'],
    ['GB', '0016505551230', '+16505551230'],
    ['GB', '16505551230', '+16505551230'],
    ['GB', '+16505551230', '+16505551230'],
    ['IT', '0612345678', '+390612345678'],
    ['AU', '001116505551230', '+16505551230'],
    ['IS', '4101234', '+3544101234'],
    ['XX', '16505551230', '+16505551230'],
    ['__proto__', '16505551230', '+16505551230'],
  ])('in %s, %s is %s', (homeCountry, text, expected) => {
    expect(readNumber(text, homeCountry)).toBe(expected);
  });

  test.each([
    ['nothing', ''],
    ['only punctuation', '+()-'],
    ['an extension number', '101'],
    ['a long extension number', '123456'],
    ['a number without area code', '5551230'],
    ['an emergency number', '911'],
    ['letters', '1-800-FLOWERS'],
    ['letters after the number', '6505551230x5'],
    ['an extension', '650-555-1230 ext. 5'],
    ['an extension behind #', '6505551230#5'],
    ['a pause', '6505551230,,5'],
    ['a service code', '*676505551230'],
    ['a URI', 'tel:+16505551230'],
    ['digits of another script', '٦٥٠5551230'],
    ['a superscript, as of a footnote', '650555123²'],
    ['a digit in a circle', '650555123①'],
    ['two numbers', '6505551230 / 6505551231'],
    ['a plus in the middle', '650+5551230'],
    ['two pluses', '++16505551230'],
    ['a country code that does not exist', '+9996505551230'],
    ['too short with country code', '+1650555'],
    ['too many digits', '1'.repeat(300)],
    ['zeros', '+00000000000'],
    ['ten digits behind a plus that are no number', '+0505551230'],
  ])('is refused: %s', (_, text) => {
    expect(readNumber(text, 'US')).toBeUndefined();
  });

  test('an extension number is refused where six digits are a possible number', () => {
    expect(readNumber('+49123456', 'DE')).toBe('+49123456');
    expect(readNumber('123456', 'DE')).toBeUndefined();
  });
});

describe('printing a number', () => {
  test.each<[string, string, E164, string]>([
    ['country code 1 has ten digits', 'US', '+16505551230', '6505551230'],
    ['also for Canada', 'CA', '+16505551230', '6505551230'],
    ['other countries keep their code', 'US', '+442079460000', '442079460000'],
    ['a number of the home country too', 'GB', '+442079460000', '442079460000'],
    ['ten digits would be British', 'GB', '+16505551230', '16505551230'],
    ['ten digits with country code would be American', 'US', '+6591234567', '0116591234567'],
    ['an unknown home country', 'XX', '+16505551230', '16505551230'],
    ['six digits would be an extension number', 'US', '+491234', '011491234'],
    ['six digits in an unknown home country', 'XX', '+491234', '+491234'],
  ])('%s', (_, homeCountry, number, expected) => {
    expect(printNumber(number, homeCountry)).toBe(expected);
    expect(readNumber(expected, homeCountry)).toBe(number);
  });

  test('what is printed is read back as the same number, for every home country', () => {
    const homeCountry = fc.constantFrom(
      'US',
      'CA',
      'GB',
      'DE',
      'FR',
      'IT',
      'AU',
      'SG',
      'BR',
      'RU',
      'JP',
      'MX',
      'AR',
      'XX',
    );
    const callingCode = fc.constantFrom(
      '1',
      '44',
      '49',
      '33',
      '39',
      '61',
      '65',
      '55',
      '7',
      '81',
      '52',
      '54',
      '800',
      '',
    );
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength: 5, maxLength: 13 });
    fc.assert(
      fc.property(homeCountry, fc.constantFrom('+', ''), callingCode, digits, (home, plus, code, rest) => {
        const number = readNumber(plus + code + rest, home);
        fc.pre(number !== undefined);
        const printed = printNumber(number, home);
        expect(readNumber(printed, home)).toBe(number);
        expect(printed).toMatch(/^\+?\d+$/);
      }),
      { numRuns: 500 },
    );
  });

  test('any text is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, homeCountry) => {
        expect(readNumber(text, homeCountry) ?? '+1').toMatch(/^\+\d+$/);
      }),
    );
  });
});
