import { anyNumber } from '../lib/domain/phone.ts';
import { cancel } from '../lib/commands/cancel.ts';
import { legacyHandler } from '../lib/edge/legacy-handler.ts';
import { openContainer } from '../lib/runtime/container.ts';

const container = openContainer(process.env, anyNumber);

/** `/ringout/cancel`: only the cancel command, for programs that can change their path. */
export const handler = legacyHandler({
  endpoint: 'ringout',
  name: 'cancel',
  container,
  choose: () => cancel,
});

/** Awaited by Lambda's init phase. */
export const { ready } = container;
