import type { Exchange } from '../edge/exchange.ts';
import type { PlaceOnceParts } from '../repeats/place-once.ts';

/** What a command places something once with. */
export function placeOnceParts({ runtime, request, deadline, log, note }: Exchange): PlaceOnceParts {
  const { marks, sessions, clock, metrics } = runtime;
  return { marks, sessions, clock, metrics, deadline, log, note, requestId: request.requestId };
}
