import type CreateFaxMessageRequest from '@rc-ex/core/definitions/CreateFaxMessageRequest';
import { LegacyFailure } from '../domain/failure.ts';
import type { FaxOrder } from '../domain/fax.ts';
import { MultipartBody } from './multipart-body.ts';
import { faxPauseSeconds } from './rate-limit.ts';
import type { UserApi } from './user-api.ts';
import { asId, asObject, asText } from '../domain/untrusted.ts';

const path = '/restapi/v1.0/account/~/extension/~/fax';

/** What the JSON part holds: the documented request without its attachments, which are parts of their own. */
type FaxRequest = Omit<CreateFaxMessageRequest, 'attachments' | 'attachment'>;

/** What RingCentral says of a fax it was handed. */
export interface AcceptedFax {
  readonly messageId: string;
  /** It has a message, but the fax will not go out. */
  readonly hasFailed: boolean;
  /** How long further faxes leave the rest of the user's requests to calls, in seconds. */
  readonly pauseSeconds: number;
}

/**
 * Hands the fax to RingCentral. Throws `fax_uncertain` whenever it may have been accepted although no usable answer came.
 *
 * @param timeoutMs longest wait for the answer, where the usual one does not fit
 */
export async function sendFax(
  api: UserApi,
  order: FaxOrder,
  coverIndex: number | undefined,
  timeoutMs?: number,
): Promise<AcceptedFax> {
  return api.perform({
    route: 'fax',
    method: 'POST',
    path,
    body: () => faxBody(order, coverIndex),
    uncertain: 'fax_uncertain',
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    read: readMessage,
  });
}

/** The failure of a fax that RingCentral took and failed in one. */
export const failedAtOnce = (): LegacyFailure =>
  new LegacyFailure('refused', { note: 'RingCentral failed the fax at once' });

function readMessage(json: unknown, headers: Pick<Headers, 'get'>): AcceptedFax | undefined {
  const message = asObject(json);
  const messageId = asId(message?.['id']);
  if (messageId === undefined) return undefined;
  const status = asText(message?.['messageStatus']) ?? '';
  return {
    messageId,
    hasFailed: status === 'SendingFailed' || status === 'DeliveryFailed',
    pauseSeconds: faxPauseSeconds(headers),
  };
}

/**
 * The guide on sending faxes asks not to use these in file names; a quote would become `%22` on the way. The name's only
 * use is its extension, so a fax is not put at risk for it.
 */
const troublesomeSigns = /[&@#$%^*"]/g;

/** The JSON-first layout of all official samples: the flat form cannot carry recipient names. */
function faxBody(order: FaxOrder, coverIndex: number | undefined): MultipartBody {
  const request = {
    to: order.recipients.map(({ number, name }) => ({ phoneNumber: number, ...(name === undefined ? {} : { name }) })),
    ...(order.resolution === undefined ? {} : { faxResolution: order.resolution }),
    ...(order.sendAtMs === undefined ? {} : { sendTime: new Date(order.sendAtMs).toISOString() }),
    ...(coverIndex === undefined ? {} : { coverIndex }),
    ...(order.coverText === undefined ? {} : { coverPageText: order.coverText }),
  } satisfies FaxRequest;
  return new MultipartBody([
    {
      name: 'json',
      fileName: 'request.json',
      contentType: 'application/json',
      bytes: Buffer.from(JSON.stringify(request)),
    },
    ...order.documents.map(({ fileName, contentType, bytes }) => ({
      name: 'attachment',
      fileName: fileName.replaceAll(troublesomeSigns, '_'),
      contentType,
      bytes,
    })),
  ]);
}
