/** The value below which `share` (0 to 1) of the figures lie, by the nearest rank; NaN for none. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const median = (figures: readonly number[]): number => percentile(figures, 0.5);

export const p95 = (figures: readonly number[]): number => percentile(figures, 0.95);

/** Differences of two runs that were made in pairs. */
export function differences(of: readonly number[], from: readonly number[]): readonly number[] {
  return of.map((figure, index) => figure - (from[index] ?? Number.NaN));
}
