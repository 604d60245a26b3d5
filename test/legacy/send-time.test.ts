import * as fc from 'fast-check';
import { parseSendTime } from '../../lib/legacy/send-time.ts';

const nowMs = Date.UTC(2026, 10, 23, 12, 0);

describe('the time to send a fax', () => {
  test.each([
    ['24:12:26 18:30', Date.UTC(2026, 11, 24, 18, 30)],
    [' 24:12:26   18:30 ', Date.UTC(2026, 11, 24, 18, 30)],
    ['1:2:27 3:4', Date.UTC(2027, 1, 1, 3, 4)],
    ['29:02:28 00:00', Date.UTC(2028, 1, 29)],
    ['31:12:99 23:59', Date.UTC(2099, 11, 31, 23, 59)],
    ['23:11:26 12:01', Date.UTC(2026, 10, 23, 12, 1)],
  ])('%s', (text, expected) => {
    expect(parseSendTime(text, nowMs)).toBe(expected);
  });

  test.each([
    ['absent', undefined],
    ['empty', ''],
    ['the current minute', '23:11:26 12:00'],
    ['past', '23:11:26 11:59'],
    ['long past', '01:01:00 00:00'],
    ['never set, as C writes it', '01:01:70 00:00'],
    ['never set, in America', '31:12:69 16:00'],
    ['never set, as Visual Basic writes it', '30:12:99 00:00'],
    ['no such day', '31:02:27 10:00'],
    ['no such day in this year', '29:02:27 10:00'],
    ['day 0', '00:12:26 10:00'],
    ['month 0', '01:00:27 10:00'],
    ['month 13', '01:13:27 10:00'],
    ['hour 24', '01:12:26 24:00'],
    ['minute 60', '01:12:26 10:60'],
    ['a year of four digits', '01:12:2026 10:00'],
    ['seconds', '01:12:26 10:00:00'],
    ['no time', '01:12:26'],
    ['another order of separators', '01.12.26 10:00'],
    ['text around it', 'at 01:12:27 10:00'],
    ['words', 'tomorrow'],
  ])('means now: %s', (_, text) => {
    expect(parseSendTime(text, nowMs)).toBeUndefined();
  });

  test('any text is now or a later whole minute', () => {
    const digitsAndSigns = fc.string({ unit: fc.constantFrom(...'0123456789: '.split('')) });
    fc.assert(
      fc.property(fc.oneof(fc.string(), digitsAndSigns), (text) => {
        const sendAtMs = parseSendTime(text, nowMs) ?? nowMs + 60_000;
        expect(sendAtMs).toBeGreaterThan(nowMs);
        expect(sendAtMs % 60_000).toBe(0);
      }),
    );
  });

  test('every future minute of the century that no program writes for nothing is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: nowMs / 60_000 + 1, max: Date.UTC(2099, 11, 31, 23, 59) / 60_000 }), (minutes) => {
        const [date = '', time = ''] = new Date(minutes * 60_000).toISOString().split('T');
        const text = `${date.slice(2).split('-').toReversed().join(':')} ${time.slice(0, 5)}`;
        fc.pre(!/^(?:31:12:69|01:01:70|30:12:99)/.test(text));
        expect(parseSendTime(text, nowMs)).toBe(minutes * 60_000);
      }),
    );
  });
});
