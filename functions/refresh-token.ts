import { anyNumber } from '../lib/domain/phone.ts';
import { scheduledHandler } from '../lib/edge/scheduled-handler.ts';
import { renewAll } from '../lib/token/renew-all.ts';
import { openContainer } from '../lib/runtime/container.ts';

const container = openContainer(process.env, anyNumber);

/** Runs on a schedule and renews tokens ahead of time. Fails when one of them could not be renewed. */
export const handler = scheduledHandler('refresh-token', container, renewAll);

/** Awaited by Lambda's init phase. */
export const { ready } = container;
