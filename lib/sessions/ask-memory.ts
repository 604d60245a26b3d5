import type { UserState } from '../state/user-state.ts';

/** A user's log of status asks as it was after one of them. */
export type AskLog = Pick<UserState, 'asks' | 'asksRevision'>;

/** What this container has last written into the logs of its users, by user key. */
export interface AskMemory {
  /** After an ask that was answered. */
  keep(userKey: string, log: AskLog, nowMs: number): void;
  /** Once: two polls at the same moment must not both build on it. */
  take(userKey: string): AskLog | undefined;
  /** Another container asks for this user as well: for a minute it would only be in the way to build on one's own. */
  shareFrom(userKey: string, nowMs: number): void;
}

const sharedMs = 60_000;

export function createAskMemory(): AskMemory {
  const logs = new Map<string, AskLog>();
  const sharedUntilMs = new Map<string, number>();
  return {
    keep(userKey, { asks, asksRevision }, nowMs) {
      if (nowMs >= (sharedUntilMs.get(userKey) ?? 0)) logs.set(userKey, { asks, asksRevision });
    },
    take(userKey) {
      const log = logs.get(userKey);
      logs.delete(userKey);
      return log;
    },
    shareFrom(userKey, nowMs) {
      sharedUntilMs.set(userKey, nowMs + sharedMs);
    },
  };
}
