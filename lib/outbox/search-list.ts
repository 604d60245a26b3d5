import { LegacyFailure } from '../domain/failure.ts';
import type { FaxOrder } from '../domain/fax.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { listFaxes } from '../ringcentral/message-list.ts';
import type { UserApi } from '../ringcentral/user-api.ts';
import type { FaxRow } from '../state/fax-row.ts';
import { earlyMs, findFax, type Finding } from './find-fax.ts';
import { endOfWait, type WaitEnd } from './waits.ts';

/** The list could not be read completely. `end` is when to try again. */
export interface NoLook {
  readonly kind: 'no look';
  readonly end: WaitEnd;
}

/** Dependencies of {@link searchList}. */
export interface SearchParts {
  /** RingCentral's API for the user of the fax. */
  readonly api: UserApi;
  /** RingCentral's ids of the user's last faxes. */
  readonly faxIds: readonly string[];
  readonly settleMs: number;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Log;
}

const dayMs = 24 * 3_600_000;

/**
 * Extra time before the first attempt, in milliseconds. The query uses RingCentral's clock, which may be further behind
 * ours than a search allows for.
 */
const listMarginMs = earlyMs + 5 * 60_000;

/** Searches RingCentral's list for a fax that was attempted. Known failures do not throw. */
export async function searchList(
  { attempts, otherIds }: Pick<FaxRow, 'attempts' | 'otherIds'>,
  { recipients, sendAtMs = 0 }: FaxOrder,
  { api, faxIds, settleMs, clock, log }: SearchParts,
): Promise<Finding | NoLook> {
  try {
    const fromMs = Math.min(...attempts.map(({ startMs }) => startMs)) - listMarginMs;
    const toMs = Math.max(clock.nowMs(), sendAtMs) + dayMs;
    const list = await listFaxes(api, { fromMs, toMs }, () => clock.nowMs());
    return findFax({ recipients, attempts, otherIds: new Set([...otherIds, ...faxIds]), settleMs }, list);
  } catch (error) {
    if (!(error instanceof LegacyFailure)) throw error;
    log.warn('the list of faxes could not be read', { code: error.code, ...error.detail });
    return { kind: 'no look', end: endOfWait(error.detail, clock.nowMs()) };
  }
}
