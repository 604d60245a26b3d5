import { anyNumber } from '../lib/domain/phone.ts';
import { status } from '../lib/commands/status.ts';
import { legacyHandler } from '../lib/edge/legacy-handler.ts';
import { openContainer } from '../lib/runtime/container.ts';

const container = openContainer(process.env, anyNumber);

/** `/ringout/status`: only the status command, for programs that can change their path. */
export const handler = legacyHandler({
  endpoint: 'ringout',
  name: 'status',
  container,
  choose: () => status,
});

/** Awaited by Lambda's init phase. */
export const { ready } = container;
