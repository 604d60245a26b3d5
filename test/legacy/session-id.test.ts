import * as fc from 'fast-check';
import { mergeFields } from '../../lib/legacy/fields.ts';
import { readSession } from '../../lib/legacy/session-id.ts';

describe('the session of a status or cancel', () => {
  test.each([
    ['a session id', '123456789', '123456789', '123456789'],
    ['the smallest', '100000000', '100000000', '100000000'],
    ['the largest', '999999999', '999999999', '999999999'],
    ['blanks around it', ' 123456789\r\n', '123456789', '123456789'],
    ['too few digits', '18', '18', undefined],
    ['a leading zero', '012345678', '012345678', undefined],
    ['too many digits', '1234567890', '1234567890', undefined],
    [
      "RingCentral's own id",
      'Y3MxNzE4NDI4NDkyODg0NDM5MDJAMTAuNjIuMjkuMzM',
      'Y3MxNzE4NDI4NDkyODg0NDM5MDJAMTAuNjIuMjkuMzM',
      undefined,
    ],
    ['every character that is echoed', 'Az09._~-', 'Az09._~-', undefined],
    ['64 characters', 'a'.repeat(64), 'a'.repeat(64), undefined],
    ['65 characters', 'a'.repeat(65), '0', undefined],
    ['a blank inside', '123456 789', '0', undefined],
    ['a semicolon', '1;2', '0', undefined],
    ['markup', '<b>', '0', undefined],
    ['digits of another script', '١٢٣٤٥٦٧٨٩', '0', undefined],
    ['a line end inside', '123456789\n1', '0', undefined],
    ['nothing', '', '0', undefined],
  ])('%s', (_, sent, echo, sessionId) => {
    expect(readSession(mergeFields([['SessionID', sent]], []))).toEqual({ echo, sessionId });
  });

  test('is 0 without SessionID', () => {
    expect(readSession(mergeFields([], []))).toEqual({ echo: '0', sessionId: undefined });
  });

  test('is read from the query under a name in another case', () => {
    expect(readSession(mergeFields([], [['sessionid', '123456789']])).sessionId).toBe('123456789');
  });

  test('echoes only harmless characters, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (sent) => {
        expect(readSession(mergeFields([['SessionID', sent]], [])).echo).toMatch(/^[\w.~-]{1,64}$/);
      }),
    );
  });
});
