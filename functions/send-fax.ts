import { anyNumber } from '../lib/domain/phone.ts';
import { openContainer } from '../lib/runtime/container.ts';

void openContainer(process.env, anyNumber);

/** Sends the faxes of the outbox. */
export const handler = (): Promise<never> => Promise.reject(new Error('not merged yet'));
