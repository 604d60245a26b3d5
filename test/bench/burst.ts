import { startChild } from './child.ts';
import { bundleOf } from './containers.ts';
import { ms, type Row } from './rows.ts';
import { extensions, ringoutEvent, type Services } from './services.ts';
import { median, p95 } from './statistics.ts';

interface AskBurst {
  readonly bundle: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly containers: number;
}

interface BurstAnswer {
  readonly totalMs: number;
  readonly ms: readonly number[];
  readonly bodies: readonly string[];
}

/** How long the functions wait for the table (lib/runtime/aws-clients.ts). */
const tableTimeLimitMs = 3000;

/** Cold containers of one user that all get their first request at once, with an empty table: who asks for a token? */
export async function measureBurst(services: Services, containers: number): Promise<readonly Row[]> {
  await services.aws.ask({ empty: true });
  await services.ringCentral.ask({ reset: true });
  const child = startChild<AskBurst, BurstAnswer>('burst.cjs', { env: services.environment });
  const user = extensions[0] ?? '';
  const event = ringoutEvent('list', user);
  const { totalMs, ms: each, bodies } = await child.ask({ bundle: bundleOf('list'), event, containers });
  child.stop();
  const { received } = await services.ringCentral.ask({});
  const tokenRequests = received['token'] ?? 0;
  // On a machine so busy that the table seems unreachable, containers help themselves, which proves nothing.
  const exact = p95(each) < tableTimeLimitMs;
  const section = `burst: ${containers} cold containers get their first request at once, no token stored`;
  return [
    {
      section,
      what: 'token requests',
      figure: String(tokenRequests),
      wanted: '1',
      kept: tokenRequests === 1,
      exact,
    },
    {
      section,
      what: 'different answers',
      figure: String(bodies.length),
      wanted: '1',
      kept: bodies.length === 1 && bodies[0]?.startsWith('OK ') === true,
      exact,
    },
    { section, what: 'until each is answered', figure: ms(median(each)), p95: ms(p95(each)) },
    { section, what: 'until all are answered', figure: ms(totalMs) },
  ];
}
