import * as fc from 'fast-check';
import { failureCodes, LegacyFailure } from '../../lib/domain/failure.ts';
import type { FailureCode, FailureDetail } from '../../lib/domain/failure.ts';
import { failureDigit, failureJson, failureText } from '../../lib/legacy/failure-answers.ts';

function textOf(code: FailureCode, detail: FailureDetail = {}): string {
  return failureText(new LegacyFailure(code, detail));
}

describe('the text of a failure', () => {
  test('wrong credentials have the exact text on record', () => {
    expect(textOf('credentials')).toBe('FAILED Invalid User or Password');
  });

  test.each(failureCodes)('%s has one sentence after FAILED, without the letters "ok"', (code) => {
    const text = textOf(code);
    expect(text).toMatch(/^FAILED [A-Z][\w ,'()+-]*[\w)]$/);
    expect(text).not.toMatch(/ok/i);
  });

  test('distinct causes have distinct texts', () => {
    expect(new Set(failureCodes.map((code) => textOf(code))).size).toBe(failureCodes.length);
  });

  test.each<[FailureDetail, string]>([
    [{ retryAfterSeconds: 30 }, 'try again in 30 seconds'],
    [{ retryAfterSeconds: 29.2 }, 'try again in 30 seconds'],
    [{ retryAfterSeconds: 1 }, 'try again in 1 second'],
    [{ retryAfterSeconds: 0 }, 'try again in 1 second'],
    [{ retryAfterSeconds: -5 }, 'try again in 1 second'],
    [{ retryAfterSeconds: Number.NaN }, 'try again in a minute'],
    [{}, 'try again in a minute'],
  ])('throttled %j says how long to wait', (detail, wait) => {
    expect(textOf('throttled', detail)).toBe(
      `FAILED RingCentral could not be reached because this user sent too many requests, ${wait}`,
    );
  });

  test.each<[string | undefined, string]>([
    ['CMN-101', ' (CMN-101)'],
    [undefined, ''],
    ['TokenInvalid', ''],
    ['OKA-1', ''],
    ['ABCMN-101', ''],
    ['<b>', ''],
    ['CMN-101\n', ''],
  ])("refused names RingCentral's code %j only when it has the form of a code", (upstreamCode, shown) => {
    const detail = upstreamCode === undefined ? {} : { upstreamCode };
    expect(textOf('refused', detail)).toBe(`FAILED RingCentral refused the request${shown}`);
  });

  test.each(['call_uncertain', 'fax_uncertain'] as const)(
    '%s says that the request may have been carried out',
    (code) => {
      expect(textOf(code)).toContain('may have been');
    },
  );

  test.each(['unreachable', 'timeout', 'throttled', 'upstream_error'] as const)(
    '%s says that RingCentral could not be reached',
    (code) => {
      expect(textOf(code)).toContain('RingCentral could not be reached');
    },
  );

  test('no detail puts "ok", "<", "{" or a line end into a text', () => {
    const detail = fc.record({
      retryAfterSeconds: fc.double(),
      upstreamStatus: fc.integer(),
      upstreamCode: fc.oneof(fc.string(), fc.stringMatching(/^[A-Z]{3}-\d{3}$/)),
      hint: fc.string(),
    });
    fc.assert(
      fc.property(fc.constantFrom(...failureCodes), detail, (code, any) => {
        const text = textOf(code, any);
        expect(text).toMatch(/^FAILED [^<{\r\n]+$/);
        expect(text).not.toMatch(/ok/i);
      }),
    );
  });
});

describe('the fax digit of a failure', () => {
  const digits: Partial<Record<FailureCode, string>> = {
    credentials: '1',
    jwt_refused: '1',
    app_permission: '2',
    user_permission: '2',
    fax_prohibited: '2',
    plan: '2',
    recipient_missing: '3',
    fax_data_missing: '4',
  };

  test.each(failureCodes)('%s', (code) => {
    expect(failureDigit(new LegacyFailure(code))).toBe(digits[code] ?? '5');
  });
});

describe('the JSON of a failure', () => {
  test.each<[number, FailureCode[]]>([
    [400, ['command', 'malformed', 'to_missing', 'to_invalid', 'from_missing', 'from_invalid', 'caller_id_invalid']],
    [400, ['recipient_missing', 'recipient_invalid', 'fax_data_missing']],
    [400, ['to_refused', 'from_refused', 'fax_document_refused', 'refused']],
    [401, ['credentials', 'jwt_refused']],
    [403, ['app_permission', 'user_permission', 'to_blocked', 'from_blocked', 'feature_disabled', 'plan']],
    [403, ['fax_prohibited', 'caller_id_refused', 'cross_site']],
    [404, ['session_unknown']],
    [405, ['method']],
    [413, ['fax_too_large']],
    [415, ['fax_document_unsupported']],
    [429, ['throttled']],
    [500, ['configuration', 'internal', 'client_refused']],
    [502, ['unreachable', 'upstream_error', 'upstream_answer', 'token_rejected']],
    [503, ['state_unavailable', 'secret_unavailable']],
    [504, ['timeout', 'call_uncertain', 'fax_uncertain', 'deadline']],
  ])('status %d for %j', (status, codes) => {
    for (const code of codes) {
      expect([code, failureJson(new LegacyFailure(code)).statusCode]).toEqual([code, status]);
    }
  });

  test("names RingCentral's code, or ours when there is none", () => {
    expect(failureJson(new LegacyFailure('to_refused', { upstreamCode: 'TEL-109' })).body).toBe(
      '{"errorCode":"TEL-109","message":"RingCentral does not accept the To number"}',
    );
    expect(failureJson(new LegacyFailure('credentials')).body).toBe(
      '{"errorCode":"CREDENTIALS","message":"Invalid User or Password"}',
    );
  });

  test('never contains the hint, which is for the log only', () => {
    expect(failureJson(new LegacyFailure('internal', { hint: 'inside' })).body).not.toContain('inside');
    expect(textOf('internal', { hint: 'inside' })).not.toContain('inside');
  });
});
