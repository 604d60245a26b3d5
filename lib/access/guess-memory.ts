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
    holds: (fact, nowMs) => nowMs < (facts.get(fact) ?? 0),
  };
}
