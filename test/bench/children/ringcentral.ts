import { generousLimits } from '../../../infra/local/simulator/rate-limit.ts';
import { startSimulator, type SimulatorOptions } from '../../../infra/local/simulator/server.ts';
import answerParent from './answer-parent.cjs';

/** The questions to the process of the simulator. */
export interface AskRingCentral {
  /** Sets a delay before every answer from now on. */
  readonly latencyMs?: number;
  /** Clears calls, faxes and received requests. Tokens stay valid. */
  readonly reset?: true;
}

/** The address of the simulator. */
export interface RingCentralAnswer {
  readonly url: string;
}

// In a separate process, so that the simulator takes no processor time from the measured one.
const simulator = await startSimulator({
  ...(JSON.parse(process.argv[2] ?? '') as SimulatorOptions),
  rateLimits: generousLimits,
});

answerParent(async ({ latencyMs, reset }: AskRingCentral): Promise<RingCentralAnswer> => {
  if (reset === true) simulator.reset();
  if (latencyMs !== undefined) simulator.setLatency(latencyMs);
  return Promise.resolve({ url: simulator.url });
});
