import { fax } from '../lib/commands/fax.ts';
import { legacyHandler } from '../lib/edge/legacy-handler.ts';
import { phoneRules } from '../lib/legacy/phone-number.ts';
import { openContainer } from '../lib/runtime/container.ts';

const container = openContainer(process.env, phoneRules);

/** `/faxapi.asp` and `/faxout.asp`. */
export const handler = legacyHandler({
  endpoint: 'fax',
  name: 'fax',
  container,
  choose: () => fax,
});

/** Awaited by Lambda's init phase. */
export const { ready } = container;
