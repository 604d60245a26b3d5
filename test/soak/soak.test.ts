import { runSoak } from './run-soak.ts';

test('300 mixed requests of 20 clients: every answer is legal, nothing is sent twice, nothing is left open', async () => {
  const report = await runSoak({ requests: 300, clients: 20, faultShare: 0.1, rounds: 3 });
  expect(report.violations).toEqual([]);
  expect(report.requests).toBe(300);
  expect(report.upstreamFaults).toBeGreaterThan(5);
  expect(report.answers).toMatchObject({
    'call OK': expect.any(Number) as unknown,
    'fax 0': expect.any(Number) as unknown,
    'list OK': expect.any(Number) as unknown,
    'status OK': expect.any(Number) as unknown,
    'cancel OK': expect.any(Number) as unknown,
  });
});
