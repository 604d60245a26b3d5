import { queueHandler } from '../lib/edge/queue-handler.ts';
import { anyNumber } from '../lib/domain/phone.ts';
import { openContainer } from '../lib/runtime/container.ts';
import { openOutbox } from '../lib/runtime/outbox.ts';

const container = openContainer(process.env, anyNumber, openOutbox);

/** The only one who sends faxes of the outbox; the queue calls it with one message at a time. */
export const handler = queueHandler('send-fax', container);

/** Awaited by Lambda's init phase. */
export const { ready } = container;
