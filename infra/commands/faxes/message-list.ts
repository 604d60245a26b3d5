import { LegacyFailure } from '../../../lib/domain/failure.ts';
import { asArray, asId, asObject, asText } from '../../../lib/domain/untrusted.ts';
import type { User } from '../../../lib/domain/user.ts';
import { GrantFailed } from '../../../lib/ringcentral/grants.ts';
import { signedIn, type RingCentral } from '../ringcentral/signed-in.ts';

const path = '/restapi/v1.0/account/~/extension/~/message-store';

/** RingCentral's largest page; more than a user can send in two hours. */
const perPage = 1000;

/** What RingCentral says of a user's faxes since then, by its message id; or the code of the failure to tell. */
export async function faxStatuses(
  user: User,
  fromMs: number,
  ringCentral: RingCentral,
): Promise<ReadonlyMap<string, string> | string> {
  try {
    return await signedIn(user, ringCentral, async ({ read }) => {
      const list = await read(path, {
        messageType: 'Fax',
        direction: 'Outbound',
        dateFrom: new Date(fromMs).toISOString(),
        perPage,
      });
      return new Map(asArray(list['records']).flatMap(statusOf));
    });
  } catch (error) {
    if (error instanceof GrantFailed) return error.failure.code;
    if (error instanceof LegacyFailure) return error.code;
    throw error;
  }
}

/** `SendingFailed (LineBusy)`. */
function statusOf(value: unknown): readonly (readonly [string, string])[] {
  const record = asObject(value);
  const id = asId(record?.['id']);
  const status = asText(record?.['messageStatus']);
  if (id === undefined || status === undefined) return [];
  const errors = asArray(record?.['to']).flatMap((to) => asText(asObject(to)?.['faxErrorCode']) ?? []);
  return [[id, errors.length === 0 ? status : `${status} (${[...new Set(errors)].join(', ')})`]];
}
