import { fax } from '../lib/commands/fax.ts';
import { legacyHandler } from '../lib/edge/legacy-handler.ts';
import { phoneRules } from '../lib/legacy/phone-number.ts';
import { openContainer } from '../lib/runtime/container.ts';
import { openOutbox } from '../lib/runtime/outbox.ts';

const container = openContainer(process.env, phoneRules, openOutbox);

/** `/faxapi.asp` and `/faxout.asp`. */
export const handler = legacyHandler({
  endpoint: 'fax',
  name: 'fax',
  container,
  choose: () => fax,
});

/** Awaited by Lambda's init phase. */
export const { ready } = container;
