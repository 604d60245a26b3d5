import { demoRecordsPerPage } from '../../infra/local/demo.ts';
import { generousLimits } from '../../infra/local/simulator/rate-limit.ts';
import { startProduct } from '../product.ts';
import { worldUsers } from './users.ts';
import { expectations, type World } from './world.ts';

/** The handlers in this process. Each request becomes the event that API Gateway would make of it. */
export async function openEventWorld(): Promise<World> {
  // The clock moves only when a test moves it, so that no call progresses because the computer is slow.
  const startedAtMs = Date.now();
  const product = await startProduct({
    users: worldUsers,
    simulator: { maximumPerPage: demoRecordsPerPage, rateLimits: generousLimits, clock: { nowMs: () => startedAtMs } },
    outbox: true,
    // The golden cases repeat the same call and fax, and each one has to be placed.
    repeatsAreOthers: true,
  });
  const { simulator } = product;
  return {
    simulator,
    async ask(parts) {
      const { method = 'GET', target, headers = {}, body } = typeof parts === 'string' ? { target: parts } : parts;
      const [path = '', search] = target.split(/\?(.*)/s);
      const query = Object.groupBy(new URLSearchParams(search), ([name]) => name);
      const {
        statusCode,
        headers: answered,
        body: text,
      } = await product.send({
        method,
        path,
        query: Object.fromEntries(
          Object.entries(query).map(([name, pairs = []]) => [name, pairs.map(([, value]) => value)]),
        ),
        headers,
        ...(body === undefined ? {} : { body }),
      });
      return { status: statusCode, type: answered['Content-Type'], text };
    },
    forget: () => simulator.reset(),
    ...expectations(simulator),
    close: () => product.close(),
  };
}
