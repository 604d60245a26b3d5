import type { Exchange } from '../edge/exchange.ts';
import type { PlaceOnceParts } from '../repeats/place-once.ts';

/** Returns what `placeOnce` needs from an exchange. */
export function placeOnceParts(exchange: Exchange): PlaceOnceParts {
  const { runtime, request, deadline, log } = exchange;
  const { marks, sessions, clock, metrics } = runtime;
  return {
    marks,
    sessions,
    clock,
    metrics,
    deadline,
    log,
    requestId: request.requestId,
    addToLog: (fields) => exchange.addToLog(fields),
  };
}
