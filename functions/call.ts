import { call } from '../lib/commands/call.ts';
import { legacyHandler } from '../lib/edge/legacy-handler.ts';
import { phoneRules } from '../lib/legacy/phone-number.ts';
import { openContainer } from '../lib/runtime/container.ts';

const container = openContainer(process.env, phoneRules);

/** `/ringout/call`: only the call command, for programs that can change their path. */
export const handler = legacyHandler({
  endpoint: 'ringout',
  name: 'call',
  container,
  choose: () => call,
});

/** Awaited by Lambda's init phase. */
export const { ready } = container;
