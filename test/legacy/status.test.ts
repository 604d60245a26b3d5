import { renderStatus } from '../../lib/legacy/status.ts';
import { live, sessionView } from './session-view.ts';

describe('the answer to status', () => {
  test.each([
    ['call-back rejected', live('CannotReach', 'Rejected', 'InProgress'), '2;+16505551230;5;+16505553711;4'],
    ['gone', { kind: 'gone' } as const, ''],
  ])('%s', (_, state, groups) => {
    expect(renderStatus('123456789', sessionView(state))).toBe(`OK 123456789 ${groups}`);
  });

  test('an unknown session is answered as over, with the final space', () => {
    expect(renderStatus('18', undefined)).toBe('OK 18 ');
  });
});
