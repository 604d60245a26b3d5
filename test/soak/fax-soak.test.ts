import { runFaxSoak } from './fax-soak.ts';

test('30 faxes of one user arrive once and in order despite limits and faults, and other users do not wait', async () => {
  const report = await runFaxSoak({ faxes: 30, faultShare: 0.1, limitWindowSeconds: 1, isThorough: false });
  expect(report.violations).toEqual([]);
  expect(Object.keys(report.faults).length).toBeGreaterThan(0);
  expect(report.otherFaxes).toBeGreaterThan(1);
  expect(report.calls).toBeGreaterThan(1);
});
