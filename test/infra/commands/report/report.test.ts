import { failed, passed, skipped, warned, type Section } from '../../../../infra/commands/report/check.ts';
import { exitCode, renderJson, renderTable } from '../../../../infra/commands/report/report.ts';

const sections: readonly Section[] = [
  { title: 'Nothing here', checks: [] },
  {
    title: 'Secret documents',
    checks: [
      passed('users are unique', '2 users'),
      failed('document a.json', '2 mistakes', 'users[0].jwt: must be there\nusers[1].jwt: must be there'),
      skipped('something', 'needs the network'),
    ],
  },
  { title: 'User', checks: [passed('a check whose name is long')] },
];

test('the table has a line per check, the remedy below each ✗, and the totals at the end', () => {
  expect(renderTable(sections).split('\n')).toEqual([
    'Secret documents',
    '  ✓  users are unique    2 users',
    '  ✗  document a.json     2 mistakes',
    '     → users[0].jwt: must be there',
    '       users[1].jwt: must be there',
    '  –  something           needs the network',
    '',
    'User',
    '  ✓  a check whose name is long',
    '',
    '2 ✓  1 ✗  1 –',
  ]);
});

test('equal failures in a row show their remedy once', () => {
  const [refused, other] = [failed('a', 'refused', 'Look.'), failed('b', 'other', 'Listen.')];
  const checks = [refused, passed('c'), { ...refused, name: 'd' }, other, refused];
  expect(
    renderTable([
      { title: 'Many', checks: checks.slice(0, 2) },
      { title: 'More', checks: checks.slice(2) },
    ]),
  ).toBe(
    [
      'Many',
      '  ✗  a                   refused',
      '     → Look.',
      '  ✓  c',
      '',
      'More',
      '  ✗  d                   refused',
      '  ✗  b                   other',
      '     → Listen.',
      '  ✗  a                   refused',
      '     → Look.',
      '',
      '1 ✓  4 ✗  0 –',
    ].join('\n'),
  );
});

test('a warning has a remedy and its own total, and is exit code 0', () => {
  const warning = [{ title: 'Fields', checks: [warned('field', 'unknown', 'Is another meant?')] }];
  expect(renderTable(warning)).toBe(
    'Fields\n  !  field               unknown\n     → Is another meant?\n\n0 ✓  0 ✗  0 –  1 !',
  );
  expect(exitCode(warning)).toBe(0);
});

test('the JSON has `ok` and all sections', () => {
  expect(JSON.parse(renderJson(sections))).toEqual({ ok: false, sections });
  expect(JSON.parse(renderJson([]))).toEqual({ ok: true, sections: [] });
});

test.each([
  ['nothing failed', [passed('a'), skipped('b', 'c')], 0],
  ['something failed', [passed('a'), failed('b', 'c', 'd')], 1],
  ['there was nothing', [], 0],
] as const)('the exit code when %s', (_, checks, code) => {
  expect(exitCode([{ title: 'x', checks }])).toBe(code);
});
