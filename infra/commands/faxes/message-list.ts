import { LegacyFailure } from '../../../lib/domain/failure.ts';
import type { User } from '../../../lib/domain/user.ts';
import { GrantFailed } from '../../../lib/ringcentral/grants.ts';
import { listFaxes } from '../../../lib/ringcentral/message-list.ts';
import { signedIn, type RingCentral } from '../ringcentral-user/signed-in.ts';

const dayMs = 24 * 3_600_000;

/** Returns RingCentral's status of a user's faxes since `fromMs`, by message id, or the code of the failure. */
export async function faxStatuses(
  user: User,
  fromMs: number,
  ringCentral: RingCentral,
): Promise<ReadonlyMap<string, string> | string> {
  const nowMs = (): number => ringCentral.clock.nowMs();
  try {
    return await signedIn(user, ringCentral, async ({ api }) => {
      const { faxes } = await listFaxes(api, { fromMs, toMs: nowMs() + dayMs }, nowMs);
      return new Map(faxes.flatMap(({ id, status = 'no status' }) => (id === undefined ? [] : [[id, status]])));
    });
  } catch (error) {
    if (error instanceof GrantFailed) return error.failure.code;
    if (error instanceof LegacyFailure) return error.code;
    throw error;
  }
}
