/*
 * A day of an office whose programs use the legacy API. People log in in the morning and after lunch, and call from
 * their CRM with two peaks a day. At some hours everybody calls a list of customers at once. Each program polls the
 * status of its call every five seconds until the answer says that the call is over. The order desk sends faxes all
 * day, and a nightly job sends many at once.
 */

export interface OfficeOptions {
  readonly seats: number;
  readonly callsPerSeat: number;
  readonly faxes: number;
}

export const usualOffice: OfficeOptions = { seats: 200, callsPerSeat: 40, faxes: 300 };

/** A request of a program at a time of the day (milliseconds since midnight). */
export type OfficeEvent =
  | { readonly kind: 'list' | 'fax'; readonly seat: number; readonly atMs: number }
  | {
      readonly kind: 'call';
      readonly seat: number;
      readonly atMs: number;
      readonly lastsMs: number;
      readonly cancelAfterMs: number | undefined;
    };

const hourMs = 3_600_000;
const opensMs = 8 * hourMs;
const closesMs = 18 * hourMs;

/** How busy each hour from opening to closing is, relative to the others. */
const hourWeights = [0.6, 1.2, 1.5, 1.1, 0.5, 0.9, 1.4, 1.3, 1, 0.5];

/** Lists of customers that everybody starts to call at once. */
const campaignsAtMs = [9 * hourMs, 14 * hourMs];
const campaignSpreadMs = 3 * 60_000;

const shareCancelled = 0.08;
const nightlyFaxShare = 0.15;
const nightlyAtMs = 19 * hourMs;
const nightlySpacingMs = 2000;

/** All events of one day in their order. The same seed gives the same events. */
export function officeDay(options: OfficeOptions, seed = 1): readonly OfficeEvent[] {
  const random = randomNumbers(seed);
  const between = (from: number, to: number): number => from + random() * (to - from);
  const seats = Array.from({ length: options.seats }, (_, seat) => seat);
  const events: OfficeEvent[] = [];

  for (const seat of seats) {
    events.push({ kind: 'list', seat, atMs: between(opensMs - hourMs / 4, opensMs + hourMs / 4) });
    events.push({ kind: 'list', seat, atMs: between(13 * hourMs, 13.3 * hourMs) });
    const ordinary = options.callsPerSeat - campaignsAtMs.length;
    for (let call = 0; call < ordinary; call += 1) events.push(callAt(seat, busyMoment()));
    for (const atMs of campaignsAtMs) events.push(callAt(seat, atMs + random() * campaignSpreadMs));
  }
  const nightly = Math.round(options.faxes * nightlyFaxShare);
  for (let fax = 0; fax < options.faxes; fax += 1) {
    const seat = Math.floor(random() * options.seats);
    const atMs = fax < nightly ? nightlyAtMs + fax * nightlySpacingMs : between(opensMs, closesMs);
    // The nightly job runs as one user.
    events.push({ kind: 'fax', seat: fax < nightly ? 0 : seat, atMs });
  }
  return events.sort((a, b) => a.atMs - b.atMs);

  function callAt(seat: number, atMs: number): OfficeEvent {
    const cancelled = random() < shareCancelled;
    // Ringing, then talk. Most calls are short, some are long.
    const ringsMs = between(6000, 20_000);
    const talksMs = 40_000 * Math.exp(1.1 * normal());
    return {
      kind: 'call',
      seat,
      atMs,
      lastsMs: cancelled ? ringsMs : ringsMs + Math.min(talksMs, hourMs),
      cancelAfterMs: cancelled ? ringsMs * 0.8 : undefined,
    };
  }

  function busyMoment(): number {
    const total = hourWeights.reduce((sum, weight) => sum + weight, 0);
    let rest = random() * total;
    const hour = hourWeights.findIndex((weight) => (rest -= weight) < 0);
    return opensMs + (Math.max(0, hour) + random()) * hourMs;
  }

  function normal(): number {
    return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  }
}

/** Reproducible pseudo-random numbers in [0, 1) (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
