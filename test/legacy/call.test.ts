import { LegacyFailure } from '../../lib/domain/failure.ts';
import { parseCall, readCallNumbers, renderCall } from '../../lib/legacy/call.ts';
import type { CallRequest } from '../../lib/legacy/call.ts';
import { mergeFields } from '../../lib/legacy/fields.ts';
import type { FieldPair } from '../../lib/legacy/fields.ts';

const request: CallRequest = { to: '6505551230', from: undefined, callerId: undefined, prompt: false };

function parse(sent: Record<string, string>): CallRequest {
  const pairs: FieldPair[] = Object.entries(sent);
  return parseCall(mergeFields(pairs, []));
}

/** The code of the failure that an action throws. */
function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof LegacyFailure) return error.code;
    throw error;
  }
  return 'none';
}

describe('the parameters of call', () => {
  test.each<[string, Record<string, string>, CallRequest]>([
    ['only To', { To: '6505551230' }, request],
    ['all', { To: ' 1 ', From: '2', Clid: '3', Prompt: '1' }, { to: '1', from: '2', callerId: '3', prompt: true }],
    [
      'names in any case',
      { TO: '1', from: '2', CLID: '3', prompt: '1' },
      { to: '1', from: '2', callerId: '3', prompt: true },
    ],
    ['empty parameters count as not sent', { To: '6505551230', From: '', Clid: ' ', Prompt: '' }, request],
    ['Prompt=0 means no prompt', { To: '6505551230', Prompt: '0' }, request],
    ['any Prompt but 1 means no prompt', { To: '6505551230', Prompt: 'true' }, request],
  ])('%s', (_, sent, expected) => {
    expect(parse(sent)).toEqual(expected);
  });

  test.each([{}, { To: '' }, { To: '  ' }])('throws without To: %j', (sent: Record<string, string>) => {
    expect(codeOf(() => parse(sent))).toBe('to_missing');
  });
});

describe('the numbers of a call', () => {
  test('are read for the home country', () => {
    const numbers = { ...request, to: '02079460000', from: '+1 650 555 1230', callerId: '442079460001' };
    expect(readCallNumbers(numbers, 'GB')).toEqual({
      to: '+442079460000',
      from: '+16505551230',
      callerId: '+442079460001',
    });
  });

  test('may be only the destination', () => {
    expect(readCallNumbers(request, 'US')).toEqual({ to: '+16505551230', from: undefined, callerId: undefined });
  });

  test.each<[string, Partial<CallRequest>]>([
    ['to_invalid', { to: '101' }],
    ['to_invalid', { to: 'x', from: 'x', callerId: 'x' }],
    ['from_invalid', { from: '101' }],
    ['from_invalid', { from: 'x', callerId: 'x' }],
    ['caller_id_invalid', { callerId: 'x' }],
  ])('are refused with %s: %j', (code, numbers) => {
    expect(codeOf(() => readCallNumbers({ ...request, ...numbers }, 'US'))).toBe(code);
  });

  test('a failure does not contain the number', () => {
    expect(() => readCallNumbers({ ...request, to: 'secret 123' }, 'US')).toThrow(/^to_invalid$/);
  });
});

test('the answer has exactly three parts', () => {
  expect(renderCall('123456789')).toBe('OK 123456789 3');
});
