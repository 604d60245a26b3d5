import * as fc from 'fast-check';
import type { E164 } from '../../lib/domain/phone.ts';
import { getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import examples from 'libphonenumber-js/examples.mobile.json';
import { printNumber, readCallerId, readNumber, readRingCentralNumber } from '../../lib/legacy/phone-number.ts';

const homes = getCountries();

/** A valid number of every country, in E.164. */
const foreign = homes.flatMap((country) => parsePhoneNumberFromString(examples[country] ?? '', country)?.number ?? []);

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
    ['XX', '+16505551230', '+16505551230'],
    ['__proto__', '+16505551230', '+16505551230'],
    ['US', '011 44 20 7946 0123', '+442079460123'],
    ['US', '01133142685300', '+33142685300'],
    ['US', '+33142685300', '+33142685300'],
    ['US', '\u200b442079460123\ufeff ', '+442079460123'],
    ['US', '４４２０７９４６０１２３', '+442079460123'],
    ['GB', '33142685300', '+33142685300'],
    ['FR', '442079460123', '+442079460123'],
    ['SG', '442079460123', '+442079460123'],
    ['RU', '84951234567', '+74951234567'],
    ['DE', '442079460123', '+49442079460123'],
    ['DE', '4930123456', '+4930123456'],
    ['DE', '03301/234567-0', '+4933012345670'],
    ['DE', '+49 (30) 123456', '+4930123456'],
    ['DE', '(030) (123456)', '+4930123456'],
    ['IN', '919812345678', '+919812345678'],
    ['IN', '9812345678', '+919812345678'],
    ['JP', '81312345678', '+81312345678'],
    ['BR', '5532201234', '+555532201234'],
    ['BR', '5511987654321', '+5511987654321'],
    ['CH', '413201234', '+41413201234'],
    ['SG', '65123456', '+6565123456'],
    ['GB', '0800 1111', '+448001111'],
    ['US', '6505551230\0\0', '+16505551230'],
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
    ['more separators than a written number has', `6505551230${' '.repeat(100)}`],
    ['a number under thousands of marks', `6505551230${'\u0301'.repeat(100_000)}`],
    ['zeros', '+00000000000'],
    ['ten digits behind a plus that are not a number', '+0505551230'],
  ])('is refused: %s', (_, text) => {
    expect(readNumber(text, 'US')).toBeUndefined();
  });

  // Each text was once read as a number of the country beside it.
  test.each([
    ['US', '9-1-650-555-0100', 'India'],
    ['US', '916505550100', 'India'],
    ['US', '9 1 650 555 0100', 'India'],
    ['US', '81 650 555 0100', 'Japan'],
    ['US', '816505550100', 'Japan'],
    ['US', '96505550100', 'Kuwait'],
    ['US', '8650555010022', 'China, of an outside line, a number and an extension'],
    ['US', '650 555 0100 101', 'Singapore'],
    ['US', '6505550100101', 'Singapore'],
    ['US', '65055501001', 'Singapore'],
    ['US', '415-555-0100 (2)', 'Switzerland'],
    ['US', '415-555-0100/1', 'Switzerland'],
    ['US', '4155550100.0', 'Switzerland'],
    ['US', '310-555-010', 'the Netherlands'],
    ['US', '954555010', 'Myanmar, of a number in Florida that lacks a digit'],
    ['US', '95550100', 'Myanmar, of an outside line and a local number'],
    ['US', '33142685300', 'France: its first ten digits are a number in Illinois'],
    ['US', '44 20 7946 0123', 'Britain: not in bare digits'],
    ['US', '442079460123,', 'Britain: not in bare digits'],
    ['CA', '6505550100101', 'Singapore'],
    ['GB', '902079460123', 'Turkey'],
    ['GB', '9020794601231', 'Turkey'],
    ['RU', '8495123456710', 'Vietnam'],
    ['RU', '984951234567', 'Iran'],
    ['SG', '8591234567101', 'somebody'],
    ['XX', '16505551230', 'somebody, for a user without a known country'],
    ['DE', '491701234567', 'Leer: it is a mobile phone with its country code'],
    ['DE', '4915112345678', 'the area 04915: it is a mobile phone with its country code'],
    ['ID', '62812345678', 'the area 062: it is a mobile phone with its country code'],
    ['IN', '442079460123', 'Chennai: it is a number in London'],
    ['JP', '442079460123', 'Kawasaki: it is a number in London'],
    ['JP', '184 03 1234 5678', 'the area 0184: it is a code that hides the caller id'],
    ['JP', '18609012345678', 'the area 0186: it is a code that shows the caller id'],
    ['JP', '03-1234-5678 101', 'somebody else than the extension'],
    ['AE', '9 050 123 4567', 'the area 09, of an outside line'],
    ['FR', '0 06 12 34 56 78', 'Australia, of an outside line'],
    ['DE', '030 123456 (2)', 'Berlin, of a number and a remark'],
    ['DE', '030 123456 [2]', 'Berlin, of a number and a remark'],
    ['DE', '030 123456（２）', 'Berlin, of a number and a remark in wide characters'],
    ['DE', '+49 30 123456 (12)', 'Berlin, of a number and a remark'],
    ['GB', '08001111 (2)', 'somebody else than a helpline'],
    ['DE', '4930123456.0', 'Berlin, of a number from a spreadsheet'],
    ['DE', '08912345\r\n08954321', 'Munich, of two numbers'],
    ['DE', '08912345\t08954321', 'Munich, of two numbers'],
    ['DE', '08912345\u202808954321', 'Munich, of two numbers'],
    ['DE', '08912345\x0067', 'Munich, of a number and what stood behind it in a buffer'],
  ])('in %s, %s does not ring %s', (homeCountry, text) => {
    expect(readNumber(text, homeCountry)).toBeUndefined();
  });

  test.each(homes)('a number of %s with digits before or behind it is never read as one of another country', (home) => {
    const number = parsePhoneNumberFromString(examples[home] ?? '', home);
    const dialled = number?.formatNational().replaceAll(/\D/g, '') ?? '';
    for (const text of ['101', '1', '02'].flatMap((behind) => [`${dialled}${behind}`, `9${dialled}${behind}`])) {
      expect([text, readNumber(text, home) ?? number?.number]).toEqual([
        text,
        expect.stringMatching(`^\\+${number?.countryCallingCode}`),
      ]);
    }
  });

  test('an extension number is refused where six digits are a possible number', () => {
    expect(readNumber('+49123456', 'DE')).toBe('+49123456');
    expect(readNumber('123456', 'DE')).toBeUndefined();
  });
});

describe('printing a number', () => {
  test.each<[string, string, E164, string]>([
    ['country code 1 has ten digits', 'US', '+16505551230', '6505551230'],
    ['country code 1 has ten digits, also for Canada', 'CA', '+16505551230', '6505551230'],
    ['other countries keep their code', 'US', '+442079460000', '442079460000'],
    ['a number of the home country keeps its code', 'GB', '+442079460000', '442079460000'],
    ['ten digits that would be British keep their code', 'GB', '+16505551230', '16505551230'],
    ['ten digits that would be American get the international prefix', 'US', '+6591234567', '0116591234567'],
    ['a number for an unknown home country gets a plus', 'XX', '+16505551230', '+16505551230'],
    ['six digits that would be an extension get the international prefix', 'US', '+491234', '011491234'],
    ['six digits for an unknown home country get a plus', 'XX', '+491234', '+491234'],
  ])('%s', (_, homeCountry, number, expected) => {
    expect(printNumber(number, homeCountry)).toBe(expected);
    expect(readNumber(expected, homeCountry)).toBe(number);
  });

  test('a printed number is read back as the same number, for every home country', () => {
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
    const written = fc.tuple(fc.constantFrom('+', ''), callingCode, digits).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.constantFrom(...homes, 'XX'), fc.oneof(written, fc.constantFrom(...foreign)), (home, text) => {
        const number = readNumber(text, home);
        fc.pre(number !== undefined);
        const printed = printNumber(number, home);
        expect(readNumber(printed, home)).toBe(number);
        expect(printed).toMatch(/^\+?\d+$/);
      }),
      { numRuns: 1000 },
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

describe('reading a caller id, which is never dialled', () => {
  test.each([
    ['US', '6505551230', '+16505551230'],
    ['US', '44 20 7946 0123', '+442079460123'],
    ['US', '33142685300', '+33142685300'],
    ['US', '+442079460123', '+442079460123'],
    ['XX', '16505551230', '+16505551230'],
    ['US', '101', undefined],
    ['US', 'me', undefined],
  ])('in %s, %s is %s', (homeCountry, text, expected) => {
    expect(readCallerId(text, homeCountry)).toBe(expected);
  });
});

describe('reading a number that RingCentral sent', () => {
  test.each([
    ['US', '+16505551230', '+16505551230'],
    ['US', '16505551230', '+16505551230'],
    ['US', '(650) 555-1230', '+16505551230'],
    ['US', '442079460123', '+442079460123'],
    ['US', '33142685300', '+33142685300'],
    ['DE', '442079460123', '+442079460123'],
    ['DE', '4930123456', '+4930123456'],
    ['XX', '16505551230', '+16505551230'],
    ['US', '101', undefined],
    ['US', 'anonymous', undefined],
  ])('to a user in %s, %s is %s', (homeCountry, text, expected) => {
    expect(readRingCentralNumber(text, homeCountry)).toBe(expected);
  });
});
