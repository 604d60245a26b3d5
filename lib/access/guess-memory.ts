import { wrongPasswordLifeMs } from '../state/user-state.ts';

/**
 * What one container knows about guesses, so that neither a refused source nor a program with one stale password costs a
 * request to the table each time.
 */
export interface GuessMemory {
  /** @param untilMs epoch milliseconds */
  keep(fact: string, untilMs: number): void;
  holds(fact: string, nowMs: number): boolean;
}

const maxFacts = 1000;

export function createGuessMemory(): GuessMemory {
  const facts = new Map<string, number>();
  return {
    keep(fact, untilMs) {
      facts.delete(fact);
      facts.set(fact, untilMs);
      const [oldest] = facts.keys();
      if (facts.size > maxFacts && oldest !== undefined) facts.delete(oldest);
    },
    holds(fact, nowMs) {
      const untilMs = facts.get(fact) ?? 0;
      // One that ends later than any can was kept before the clock was put right.
      return nowMs < untilMs && untilMs <= nowMs + wrongPasswordLifeMs;
    },
  };
}
