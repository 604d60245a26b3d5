import { fax } from '../lib/commands/fax.ts';
import { commandByCmd } from '../lib/commands/command-by-cmd.ts';
import { catchAllHandler } from '../lib/edge/catch-all-handler.ts';
import { legacyHandler } from '../lib/edge/legacy-handler.ts';
import { phoneRules } from '../lib/legacy/phone-number.ts';
import { openContainer } from '../lib/runtime/container.ts';
import { openOutbox } from '../lib/runtime/outbox.ts';

const container = openContainer(process.env, phoneRules, openOutbox);

/** All paths without a route in API Gateway: serves only other spellings of the legacy endpoints. */
export const handler = catchAllHandler({
  ringout: legacyHandler({ endpoint: 'ringout', name: 'catch-all', container, choose: commandByCmd }),
  fax: legacyHandler({
    endpoint: 'fax',
    name: 'catch-all',
    container,
    choose: () => fax,
  }),
});

/** Awaited by Lambda's init phase. */
export const { ready } = container;
