import type CreateFaxMessageRequest from '@rc-ex/core/definitions/CreateFaxMessageRequest';
import { LegacyFailure } from '../domain/failure.ts';
import type { FaxOrder } from '../domain/fax.ts';
import type { UserApi } from './user-api.ts';
import { MultipartBody } from './multipart-body.ts';
import { asId, asObject, asText } from '../domain/untrusted.ts';

const path = '/restapi/v1.0/account/~/extension/~/fax';

/** What the JSON part holds: the documented request without its attachments, which are parts of their own. */
type FaxRequest = Omit<CreateFaxMessageRequest, 'attachments' | 'attachment'>;

/**
 * Hands the fax to RingCentral; returns its message id for the log once it is accepted for sending. Throws
 * `fax_uncertain` whenever it may have been accepted although no usable answer came.
 */
export async function sendFax(api: UserApi, order: FaxOrder, coverIndex: number | undefined): Promise<string> {
  const accepted = await api.perform({
    route: 'fax',
    method: 'POST',
    path,
    body: () => faxBody(order, coverIndex),
    uncertain: 'fax_uncertain',
    read: readMessage,
  });
  if (accepted.hasFailed) throw new LegacyFailure('refused', { note: 'RingCentral failed the fax at once' });
  return accepted.messageId;
}

function readMessage(json: unknown): { readonly messageId: string; readonly hasFailed: boolean } | undefined {
  const message = asObject(json);
  const messageId = asId(message?.['id']);
  if (messageId === undefined) return undefined;
  const status = asText(message?.['messageStatus']) ?? '';
  return { messageId, hasFailed: status === 'SendingFailed' || status === 'DeliveryFailed' };
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
