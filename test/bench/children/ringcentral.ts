import { generousLimits } from '../../../infra/local/simulator/rate-limit.ts';
import { startSimulator, type SimulatorOptions } from '../../../infra/local/simulator/server.ts';
import answerParent from './answer-parent.cjs';

/** What the simulator's process can be asked. */
export interface AskRingCentral {
  /** Added before every answer from now on. */
  readonly latencyMs?: number;
  /** Forgets calls, faxes and what was received; tokens stay valid. */
  readonly reset?: true;
}

/** Where it listens. */
export interface RingCentralAnswer {
  readonly url: string;
}

// In a process of its own, so that the simulator does not take the time of what is measured.
const simulator = await startSimulator({
  ...(JSON.parse(process.argv[2] ?? '') as SimulatorOptions),
  rateLimits: generousLimits,
});

answerParent(async ({ latencyMs, reset }: AskRingCentral): Promise<RingCentralAnswer> => {
  if (reset === true) simulator.reset();
  if (latencyMs !== undefined) simulator.setLatency(latencyMs);
  return Promise.resolve({ url: simulator.url });
});
