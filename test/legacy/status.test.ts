import { renderStatus } from '../../lib/legacy/status.ts';
import { live, sessionView } from './session-view.ts';

describe('the answer to status', () => {
  test.each([
    ['ringing', live('InProgress', 'InProgress', 'InProgress'), '1;+16505551230;1;+16505553711;1'],
    ['call-back answered', live('InProgress', 'Success', 'InProgress'), '1;+16505551230;1;+16505553711;0'],
    ['connected', live('Success', 'Success', 'Success'), '0;+16505551230;0;+16505553711;0'],
    ['hung up', live('Success', 'Finished', 'Finished'), '6;+16505551230;6;+16505553711;6'],
    ['call-back rejected', live('CannotReach', 'Rejected', 'InProgress'), '2;+16505551230;5;+16505553711;4'],
    ['destination busy', live('CannotReach', 'Success', 'Busy'), '2;+16505551230;2;+16505553711;0'],
    ['gone', { kind: 'gone' } as const, ''],
  ])('%s', (_, state, groups) => {
    expect(renderStatus('123456789', sessionView(state))).toBe(`OK 123456789 ${groups}`);
  });

  test('an unknown session is answered as over, with the final space', () => {
    expect(renderStatus('18', undefined)).toBe('OK 18 ');
  });
});
