import { consoleRoutes, type ConsoleSettings } from '../../infra/local/console-routes.ts';
import { demoPassword, demoRecordsPerPage, demoUsers } from '../../infra/local/demo.ts';
import { createExchangeLog } from '../../infra/local/exchanges.ts';
import { startGateway, type Gateway } from '../../infra/local/gateway.ts';
import { readOutbox } from '../../infra/local/outbox-rows.ts';
import { startProduct, type Product } from '../product.ts';
import { ringCentralLimits, type RateLimits } from '../../infra/local/simulator/rate-limit.ts';
import type { Simulator } from '../../infra/local/simulator/server.ts';

/** The console with the whole product behind it. The handlers run in this process, not in bundles. */
export interface ConsoleWorld {
  readonly consoleUrl: string;
  /** The console for one's own account, which has no simulator, with the same product. */
  readonly ownAccountUrl: string;
  readonly product: Product;
  readonly simulator: Simulator;
  close(): Promise<void>;
}

/** @param password the demonstration user's legacy password */
export async function openConsoleWorld(
  password = demoPassword,
  rateLimits: RateLimits = ringCentralLimits,
): Promise<ConsoleWorld> {
  const product = await startProduct({
    users: demoUsers.map((user) => ({ ...user, legacyPassword: password })),
    // The page matches legacy and REST requests by time, and the gateway uses real time.
    simulator: {
      clock: { nowMs: () => Date.now() },
      maximumPerPage: demoRecordsPerPage,
      rateLimits,
    },
    outbox: true,
  });
  product.clock.advance(Date.now() - product.clock.nowMs());
  const [{ username, extension }] = demoUsers;
  const openGateway = (settings: ConsoleSettings, simulatorUrl: string | undefined): Promise<Gateway> => {
    const log = createExchangeLog();
    const readLines = (): void => {
      for (const line of product.lines.splice(0)) log.readLine(line);
    };
    return startGateway({
      port: 0,
      log,
      async invoke(_name, event) {
        const answer = await product.sendEvent(JSON.parse(event) as Record<string, unknown>);
        readLines();
        return answer;
      },
      console: consoleRoutes({
        settings,
        simulatorUrl,
        log,
        outbox() {
          readLines();
          return readOutbox(product.table);
        },
      }),
    });
  };
  const gateway = await openGateway({ username, extension, password }, product.simulator.url);
  const ownAccount = await openGateway({ username, extension, password: undefined }, undefined);
  return {
    consoleUrl: `${gateway.baseUrl}/console`,
    ownAccountUrl: `${ownAccount.baseUrl}/console`,
    product,
    simulator: product.simulator,
    async close() {
      await gateway.close();
      await ownAccount.close();
      await product.close();
    },
  };
}
