import type CreateFaxMessageRequest from '@rc-ex/core/definitions/CreateFaxMessageRequest';
import { LegacyFailure } from '../domain/failure.ts';
import type { FaxOrder } from '../domain/fax.ts';
import { MultipartBody } from './multipart-body.ts';
import { faxPauseSeconds } from './rate-limit.ts';
import type { UserApi } from './user-api.ts';
import { asId, asObject, asText } from '../domain/untrusted.ts';

const path = '/restapi/v1.0/account/~/extension/~/fax';

/** The JSON part: the documented request without its attachments, which are separate parts. */
type FaxRequest = Omit<CreateFaxMessageRequest, 'attachments' | 'attachment'>;

/** RingCentral's answer to a fax. */
export interface AcceptedFax {
  readonly messageId: string;
  /** RingCentral has created a message, but will not send the fax. */
  readonly hasFailed: boolean;
  /** Pause before the user's next fax, so that calls get the rest of the rate limit, in seconds. */
  readonly pauseSeconds: number;
}

/**
 * Sends the fax to RingCentral. Throws `fax_uncertain` when RingCentral may have accepted it but sent no usable answer.
 *
 * @param timeoutMs longest wait for the answer; the default for a POST unless set
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

/** Returns the failure of a fax that RingCentral accepted and failed in the same answer. */
export const failedAtOnce = (): LegacyFailure =>
  new LegacyFailure('refused', { hint: 'RingCentral failed the fax at once' });

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
 * Characters that the guide on sending faxes advises against in file names; a quote would become `%22`. Only the
 * extension of the name is used, so replacing them is safe.
 */
const troublesomeSigns = /[&@#$%^*"]/g;

/** The JSON part comes first, as in all official samples. The flat form cannot contain recipient names. */
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
