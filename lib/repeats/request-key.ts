import { createHash, createHmac } from 'node:crypto';
import type { FaxOrder } from '../domain/fax.ts';
import type { E164 } from '../domain/phone.ts';
import type { User } from '../domain/user.ts';

/**
 * The values that make two calls of a user equal. `from` is undefined when the program left the choice to this service.
 */
export interface CallIdentity {
  readonly to: E164;
  readonly from: E164 | undefined;
  readonly callerId: E164 | undefined;
  readonly prompt: boolean;
}

/** Returns a key that is equal for equal calls of one user. */
export function callKey(user: User, { to, from, callerId, prompt }: CallIdentity): string {
  return keyOf(user, ['call', to, from ?? null, callerId ?? null, prompt]);
}

/**
 * Returns a key that is equal for equal faxes of one user. Documents are compared by their bytes only, because PHP
 * gives the same document another temporary name each time.
 */
export function faxKey(user: User, order: FaxOrder): string {
  const recipients = order.recipients
    .map(({ number, name }) => [number, name ?? null] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return keyOf(user, [
    'fax',
    recipients,
    order.cover,
    order.coverText ?? null,
    order.resolution ?? null,
    order.sendAtMs ?? null,
    order.documents.map(({ bytes }) => createHash('sha256').update(bytes).digest('base64url')),
  ]);
}

/** Returns a keyed hash, so that the table does not reveal which numbers were dialled. */
function keyOf(user: User, parts: readonly unknown[]): string {
  return createHmac('sha256', user.clientSecret)
    .update(JSON.stringify([user.key, ...parts]))
    .digest('base64url');
}
