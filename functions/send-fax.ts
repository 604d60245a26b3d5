import { queueHandler } from '../lib/edge/queue-handler.ts';
import { anyNumber } from '../lib/domain/phone.ts';
import { openContainer } from '../lib/runtime/container.ts';
import { openOutbox } from '../lib/runtime/outbox.ts';

const container = openContainer(process.env, anyNumber, openOutbox);

/** Sends the faxes of the outbox; no other function does. The queue invokes it with one message at a time. */
export const handler = queueHandler('send-fax', container);

/** Awaited by Lambda's init phase. */
export const { ready } = container;
