import { createHash } from 'node:crypto';
import type { E164, HomeCountry } from './phone.ts';

/** One user of the secret, with everything needed to act for them at RingCentral. Never log a user. */
export interface User {
  /** Key of the user's state row, derived from everything that decides which token is right. */
  readonly key: string;
  /** Hash of the JWT and client secret. It shows whether a stored token was granted with them. */
  readonly fingerprint: string;
  readonly serverUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly jwt: string;
  /** Digits of the main number, without the leading 1 of eleven. */
  readonly username: string;
  /** Digits, `''` for the main line. */
  readonly extension: string;
  /** null: any password or none is accepted, and only the IP allowlist protects the user. */
  readonly legacyPassword: string | null;
  readonly homeCountry: HomeCountry;
  /** Used as From when the program sends none. */
  readonly callBackNumber: E164 | undefined;
}

/** Returns the key of the state row. A user of another server, client, number or extension has another row. */
export function userKey(identity: Pick<User, 'serverUrl' | 'clientId' | 'username' | 'extension'>): string {
  return digest([identity.serverUrl, identity.clientId, identity.username, identity.extension]);
}

/**
 * Returns a hash that changes with the JWT or the client secret. It shows that a stored token was granted before a
 * rotation.
 */
export function jwtFingerprint(secrets: Pick<User, 'jwt' | 'clientSecret'>): string {
  return digest([secrets.jwt, secrets.clientSecret]);
}

function digest(parts: readonly string[]): string {
  // The parts are JSON-encoded because joining them could make two different lists equal.
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
