import { list } from '../lib/commands/list.ts';
import { legacyHandler } from '../lib/edge/legacy-handler.ts';
import { phoneRules } from '../lib/legacy/phone-number.ts';
import { openContainer } from '../lib/runtime/container.ts';

const container = openContainer(process.env, phoneRules);

/** `/ringout/list`: only the list command, for programs that can change their path. */
export const handler = legacyHandler({
  endpoint: 'ringout',
  name: 'list',
  container,
  choose: () => list,
});

/** Awaited by Lambda's init phase. */
export const { ready } = container;
