import { wrongPasswordLifeMs } from '../state/user-state.ts';

/**
 * One container's cache of facts about guesses. It saves a request to the table for each attempt of a locked-out source
 * or of a program with one stale password.
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
      // A fact that ends later than its longest life allows was stored while the clock was wrong.
      return nowMs < untilMs && untilMs <= nowMs + wrongPasswordLifeMs;
    },
  };
}
