import { failureCodes, type FailureCode } from '../domain/failure.ts';
import type { SessionId } from '../domain/ring-out.ts';
import type { RouteName, ThrottleGroup } from '../domain/throttle.ts';
import type { Token } from '../domain/token.ts';
import { numberOf, textOf, type Item } from './table.ts';
import { blankState, type StatusAsk, type UserState, type WrongPassword } from './user-state.ts';

const groupPrefix = 'group#';

/** Attribute names with a key after `#`: each key has its own attribute, so that concurrent writes do not collide. */
export const closedAttribute = (group: ThrottleGroup): string => `closed#${group}`;
export const groupAttribute = (route: RouteName): string => `${groupPrefix}${route}`;
export const wrongPasswordAttribute = (source: string): string => `wrong#${source}`;

/** `hash@epochMs`, the members of a wrong-password set. */
export const wrongPasswordMember = (mark: WrongPassword): string => `${mark.hash}@${mark.atMs}`;

/** `sessionId@epochMs`, the members of the list of status asks. */
export const askMember = (ask: StatusAsk): string => `${ask.sessionId}@${ask.atMs}`;

/** Reads a user's item. Unreadable attributes count as missing and never cause an error. */
export function readUserRow(item: Item | undefined): UserState {
  if (item === undefined) return blankState;
  const leaseOwner = textOf(item, 'leaseOwner');
  const leaseUntilMs = numberOf(item, 'leaseUntilMs');
  const refusedFingerprint = textOf(item, 'refusedFingerprint');
  const refusedUntilMs = numberOf(item, 'refusedUntilMs');
  const failedUntilMs = numberOf(item, 'grantFailedUntilMs');
  return {
    token: readStoredToken(item),
    version: numberOf(item, 'tokenVersion') ?? 0,
    lease:
      leaseOwner === undefined || leaseUntilMs === undefined ? undefined : { owner: leaseOwner, untilMs: leaseUntilMs },
    failedGrant:
      failedUntilMs === undefined
        ? undefined
        : { untilMs: failedUntilMs, code: readCode(textOf(item, 'grantFailedCode'), 'upstream_error') },
    refusal:
      refusedFingerprint === undefined || refusedUntilMs === undefined
        ? undefined
        : {
            fingerprint: refusedFingerprint,
            untilMs: refusedUntilMs,
            code: readCode(textOf(item, 'refusedCode'), 'jwt_refused'),
          },
    closed: keyed(item, closedAttribute(''), (name) => numberOf(item, name)),
    groups: keyed(item, groupPrefix, (name) => textOf(item, name)) as ReadonlyMap<RouteName, ThrottleGroup>,
    wrongPasswords: keyed(item, wrongPasswordAttribute(''), (name) => readWrongPasswords(item[name]?.SS ?? [])),
    asks: (item['asks']?.L ?? []).flatMap((member) => readAsk(member.S ?? '')),
    asksRevision: numberOf(item, 'asksRevision') ?? 0,
    faxIds: (item['faxIds']?.L ?? []).flatMap(({ S: id }) => (id === undefined ? [] : [id])),
    faxesDone: numberOf(item, 'faxesDone') ?? 0,
  };
}

function readStoredToken(item: Item): Token | undefined {
  const accessToken = textOf(item, 'accessToken');
  const issuedAtMs = numberOf(item, 'issuedAtMs');
  const expiresAtMs = numberOf(item, 'expiresAtMs');
  const fingerprint = textOf(item, 'fingerprint');
  if (accessToken === undefined || issuedAtMs === undefined) return undefined;
  if (expiresAtMs === undefined || fingerprint === undefined) return undefined;
  const refreshToken = textOf(item, 'refreshToken');
  const refreshExpiresAtMs = numberOf(item, 'refreshExpiresAtMs');
  return { accessToken, issuedAtMs, expiresAtMs, refreshToken, refreshExpiresAtMs, fingerprint };
}

/** @param otherwise returned for an unknown code, which another version may have written */
function readCode(text: string | undefined, otherwise: FailureCode): FailureCode {
  return failureCodes.find((code) => code === text) ?? otherwise;
}

function keyed<T>(item: Item, prefix: string, read: (name: string) => T | undefined): Map<string, T> {
  const found = new Map<string, T>();
  for (const name of Object.keys(item)) {
    if (!name.startsWith(prefix)) continue;
    const value = read(name);
    if (value !== undefined) found.set(name.slice(prefix.length), value);
  }
  return found;
}

function readWrongPasswords(members: readonly string[]): readonly WrongPassword[] {
  return members.flatMap((member) => {
    const [hash, at] = splitMember(member);
    return at === undefined ? [] : [{ hash, atMs: at }];
  });
}

function readAsk(member: string): readonly StatusAsk[] {
  const [sessionId, at] = splitMember(member);
  return at === undefined ? [] : [{ sessionId: sessionId as SessionId, atMs: at }];
}

function splitMember(member: string): readonly [string, number | undefined] {
  const at = member.lastIndexOf('@');
  const atMs = Number(member.slice(at + 1));
  return [member.slice(0, at), at > 0 && Number.isFinite(atMs) ? atMs : undefined];
}
