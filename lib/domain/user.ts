import { createHash } from 'node:crypto';
import type { E164, HomeCountry } from './phone.ts';

/** One person of the secret, with everything that is needed to act for them at RingCentral. Never log one. */
export interface User {
  /** Identifies the user's state row; made of everything that decides which token is right. */
  readonly key: string;
  /** Hash of the JWT and client secret, to see whether a stored token was made with them. */
  readonly fingerprint: string;
  readonly serverUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly jwt: string;
  /** Digits of the main number, without the leading 1 of eleven. */
  readonly username: string;
  /** Digits, `''` for the main line. */
  readonly extension: string;
  /** null: the IP allowlist alone is the gate, any password or none is accepted. */
  readonly legacyPassword: string | null;
  readonly homeCountry: HomeCountry;
  /** Used as From when the program sends none. */
  readonly callBackNumber: E164 | undefined;
}

/** The state row's key: a user of another server, client, number or extension has another row. */
export function userKey(identity: Pick<User, 'serverUrl' | 'clientId' | 'username' | 'extension'>): string {
  return digest([identity.serverUrl, identity.clientId, identity.username, identity.extension]);
}

/** Changes with the JWT or the client secret, so that a rotated one is noticed wherever an old token is stored. */
export function jwtFingerprint(secrets: Pick<User, 'jwt' | 'clientSecret'>): string {
  return digest([secrets.jwt, secrets.clientSecret]);
}

function digest(parts: readonly string[]): string {
  // The parts are JSON-encoded because joining them could make two different lists equal.
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
