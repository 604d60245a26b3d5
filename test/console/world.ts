import { consoleRoutes } from '../../infra/local/console-routes.ts';
import { demoPassword, demoRecordsPerPage, demoUsers } from '../../infra/local/demo.ts';
import { createExchangeLog } from '../../infra/local/exchanges.ts';
import { startGateway } from '../../infra/local/gateway.ts';
import { startProduct } from '../product.ts';
import type { Simulator } from '../../infra/local/simulator/server.ts';

/** The console with the whole product behind it, the handlers in this process instead of in bundles. */
export interface ConsoleWorld {
  readonly consoleUrl: string;
  readonly simulator: Simulator;
  close(): Promise<void>;
}

/** @param password the demonstration user's legacy password */
export async function openConsoleWorld(password = demoPassword): Promise<ConsoleWorld> {
  const product = await startProduct({
    users: demoUsers.map((user) => ({ ...user, legacyPassword: password })),
    // The page puts legacy and REST requests together by their times, and the gateway's are real ones.
    simulator: { clock: { nowMs: () => Date.now() }, maximumPerPage: demoRecordsPerPage },
  });
  const log = createExchangeLog();
  const [{ username, extension }] = demoUsers;
  const gateway = await startGateway({
    port: 0,
    log,
    async invoke(_name, event) {
      const answer = await product.sendEvent(JSON.parse(event) as Record<string, unknown>);
      for (const line of product.lines.splice(0)) log.readLine(line);
      return answer;
    },
    console: consoleRoutes({
      settings: { username, extension, password },
      simulatorUrl: product.simulator.url,
      log,
      outbox: () => Promise.resolve({ counts: {}, faxes: [] }),
    }),
  });
  return {
    consoleUrl: `${gateway.baseUrl}/console`,
    simulator: product.simulator,
    async close() {
      await gateway.close();
      await product.close();
    },
  };
}
