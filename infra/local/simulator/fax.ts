import type { Buffer } from 'node:buffer';
import type FaxResponse from '@rc-ex/core/definitions/FaxResponse';
import { apiError, invalidParameter, jsonAnswer, type Answer } from './answer.ts';
import { isObject, unknownKey } from './body.ts';
import { coverPages } from './dictionary.ts';
import type { MultipartPart } from './multipart.ts';
import { extensionPath, type ApiRequest, type Route } from './route.ts';
import { accountId, isE164, userLabel, type UserLabel } from './user.ts';

export interface SimulatedFaxRecipient {
  readonly phoneNumber: string;
  readonly name: string | undefined;
}

export interface SimulatedFaxDocument {
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  readonly bytes: Buffer;
}

/** An accepted fax with all fields of its request. Fields that were not sent are undefined. */
export interface SimulatedFax {
  readonly id: number;
  readonly user: UserLabel;
  readonly layout: 'multipart/form-data' | 'multipart/mixed';
  readonly to: readonly SimulatedFaxRecipient[];
  readonly faxResolution: 'High' | 'Low' | undefined;
  /** ISO 8601, in its original form. */
  readonly sendTime: string | undefined;
  readonly isoCode: string | undefined;
  readonly coverIndex: number | undefined;
  readonly coverPageText: string | undefined;
  readonly documents: readonly SimulatedFaxDocument[];
  readonly acceptedAtMs: number;
}

/** All faxes accepted since the start. */
export interface FaxRegistry {
  readonly route: Route;
  /** In order of acceptance. */
  faxes(): readonly SimulatedFax[];
  reset(): void;
}

/** Beyond the 32-bit range, like RingCentral's ids. */
const firstId = 1_724_099_032_020;
const maximumDocumentBytes = 50 * 1024 * 1024;
const maximumFileNameLength = 256;
const maximumCoverTextLength = 1024;
/** Source: RingCentral developer guide, "Sending faxes". */
const supportedExtensions = new Set(
  (
    'pdf psd doc docx dot mcw xls xlsx xlsb ppt pptx vsd vdx pub wps wri awd tif tiff gif jpg jpeg bmp png pcx tga rtf ' +
    'txt log h cpp c err hpp wk1 wk3 wk4 wq1 xml html htm csv'
  ).split(' '),
);

/**
 * Serves `POST …/fax` in the JSON-first layout, as `multipart/form-data` or `multipart/mixed`. RingCentral's own SDKs
 * use this layout, and no other can carry recipient names. Refuses the flat layout, because the product must not use
 * it.
 */
export function createFaxRegistry(): FaxRegistry {
  let accepted: SimulatedFax[] = [];
  // A reset does not restart it: RingCentral never reuses an id, and clients remember ids.
  let nextId = firstId;
  return {
    route: {
      kind: 'fax',
      group: 'heavy',
      method: 'POST',
      path: new RegExp(`^${extensionPath}/fax$`),
      handle(request) {
        const fax = readFax(request, nextId);
        if ('headers' in fax) return fax;
        // The message list may show one record per recipient.
        nextId += fax.to.length;
        accepted.push(fax);
        return jsonAnswer(200, faxRecord(request, fax));
      },
    },
    faxes: () => accepted,
    reset() {
      accepted = [];
    },
  };
}

function readFax(request: ApiRequest, id: number): SimulatedFax | Answer {
  const layout = /^multipart\/(?:form-data|mixed)(?=;|$)/i.exec(request.contentType.trim())?.[0].toLowerCase();
  if (layout !== 'multipart/form-data' && layout !== 'multipart/mixed') {
    return apiError(415, 'MSG-353', 'Content type is not supported', { parameterName: 'Content-Type' });
  }
  if (request.body.kind !== 'multipart') return envelopeError();
  const [first, ...rest] = request.body.parts;
  const envelope = first === undefined ? undefined : readEnvelope(first);
  if (envelope === undefined) return envelopeError();
  const order = readOrder(envelope);
  if ('headers' in order) return order;
  if (rest.length === 0) return apiError(400, 'MSG-347', 'Attachment is empty');
  for (const part of rest) {
    const refusal = refuseDocument(part);
    if (refusal !== undefined) return refusal;
  }
  if (rest.reduce((sum, part) => sum + part.bytes.length, 0) > maximumDocumentBytes) {
    return apiError(400, 'MSG-338', 'Message size limit exceeded');
  }
  return {
    id,
    user: userLabel(request.user),
    layout,
    ...order,
    documents: rest.map(({ fileName, contentType, bytes }) => ({ fileName, contentType, bytes })),
    acceptedAtMs: request.nowMs,
  };
}

function readEnvelope(part: MultipartPart): Readonly<Record<string, unknown>> | undefined {
  if (!/^application\/json(?=;|$)/i.test(part.contentType ?? '')) return undefined;
  try {
    const value = JSON.parse(part.bytes.toString('utf8')) as unknown;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

type Order = Pick<SimulatedFax, 'to' | 'faxResolution' | 'sendTime' | 'isoCode' | 'coverIndex' | 'coverPageText'>;

function readOrder(envelope: Readonly<Record<string, unknown>>): Order | Answer {
  const fields = ['to', 'faxResolution', 'sendTime', 'country', 'coverIndex', 'coverPageText'];
  const unknown = unknownKey(envelope, fields);
  if (unknown !== undefined) return invalidParameter(unknown, envelope[unknown]);
  const { to, faxResolution, sendTime, country, coverIndex, coverPageText } = envelope;
  const recipients = readRecipients(to);
  if ('headers' in recipients) return recipients;
  if (faxResolution !== undefined && faxResolution !== 'High' && faxResolution !== 'Low') {
    return invalidParameter('faxResolution', faxResolution);
  }
  if (sendTime !== undefined && !isIsoTime(sendTime)) return invalidParameter('sendTime', sendTime);
  const isoCode = isObject(country) ? country['isoCode'] : undefined;
  if (isObject(country) && isoCode !== undefined && country['id'] !== undefined) {
    return apiError(400, 'MSG-365', 'Only one of country id and ISO code may be given');
  }
  if (country !== undefined && !(typeof isoCode === 'string' && /^[A-Z]{2}$/.test(isoCode))) {
    return invalidParameter('country.isoCode', country);
  }
  if (coverIndex !== undefined && !(Number.isInteger(coverIndex) && isCoverPage(coverIndex))) {
    return invalidParameter('coverIndex', coverIndex);
  }
  if (
    coverPageText !== undefined &&
    (typeof coverPageText !== 'string' || coverPageText.length > maximumCoverTextLength)
  ) {
    return invalidParameter('coverPageText', typeof coverPageText === 'string' ? 'too long' : coverPageText);
  }
  return {
    to: recipients,
    faxResolution,
    sendTime,
    isoCode: typeof isoCode === 'string' ? isoCode : undefined,
    coverIndex: typeof coverIndex === 'number' ? coverIndex : undefined,
    coverPageText,
  };
}

function readRecipients(to: unknown): SimulatedFaxRecipient[] | Answer {
  if (!Array.isArray(to) || to.length === 0) return invalidParameter('to', to);
  const recipients: SimulatedFaxRecipient[] = [];
  for (const recipient of to as unknown[]) {
    const number = isObject(recipient) ? recipient['phoneNumber'] : undefined;
    const name = isObject(recipient) ? recipient['name'] : undefined;
    if (typeof number === 'string' && /^\d{1,6}$/.test(number)) {
      return apiError(400, 'MSG-344', 'Sending faxes to extension numbers is not supported');
    }
    if (!isE164(number)) return invalidParameter('to.phoneNumber', number);
    if (name !== undefined && typeof name !== 'string') return invalidParameter('to.name', name);
    recipients.push({ phoneNumber: number, name });
  }
  return recipients;
}

function refuseDocument({ fileName, contentType, bytes }: MultipartPart): Answer | undefined {
  if (bytes.length === 0) return apiError(400, 'MSG-347', 'Attachment is empty');
  if (bytes.length > maximumDocumentBytes) return apiError(400, 'MSG-337', 'Attachment size limit exceeded');
  if (fileName === undefined && contentType === undefined) {
    return apiError(400, 'MSG-356', 'Attachment has neither a file name nor a content type');
  }
  if ((fileName ?? '').length > maximumFileNameLength) return apiError(400, 'MSG-370', 'File name is too long');
  // The guide says to avoid these characters. The live server's reaction is not published, so the simulator refuses
  // them.
  if (/[&@#$%^*]/.test(fileName ?? '')) return invalidParameter('attachment.fileName', fileName);
  const extension = /\.([^./\\]+)$/.exec(fileName ?? '')?.[1]?.toLowerCase();
  const mediaType = (contentType ?? 'application/octet-stream').split(';', 1)[0]?.trim().toLowerCase();
  if (extension !== undefined && supportedExtensions.has(extension)) return undefined;
  if (mediaType === 'application/octet-stream') {
    return extension === undefined
      ? apiError(400, 'MSG-355', 'Binary attachment has no file extension')
      : apiError(415, 'MSG-348', 'Attachment type is not supported');
  }
  return /^(?:text|image)\/|^application\/(?:pdf|msword|rtf|xml|vnd\.)/.test(mediaType ?? '')
    ? undefined
    : apiError(415, 'MSG-348', 'Attachment type is not supported');
}

/** Returns a fax in its state when RingCentral accepted it. */
export function faxRecord({ user, baseUrl }: ApiRequest, fax: SimulatedFax): FaxResponse {
  const uri = `${baseUrl}/restapi/v1.0/account/${accountId(user)}/extension/~/message-store/${fax.id}`;
  const acceptedAt = new Date(fax.acceptedAtMs).toISOString();
  return {
    id: fax.id,
    uri,
    type: 'Fax',
    from: { phoneNumber: `+${user.username}`, name: user.name ?? `Demo user ${user.extension}` },
    to: fax.to.map(({ phoneNumber, name }, index) => ({
      recipientId: String(fax.id + index + 1),
      phoneNumber,
      ...(name !== undefined && { name }),
      messageStatus: 'Queued',
    })),
    creationTime: acceptedAt,
    lastModifiedTime: acceptedAt,
    readStatus: 'Unread',
    priority: 'Normal',
    attachments: [{ id: fax.id, uri: `${uri}/content/${fax.id}`, type: 'RenderedDocument', contentType: 'image/tiff' }],
    direction: 'Outbound',
    availability: 'Alive',
    messageStatus: 'Queued',
    faxResolution: fax.faxResolution ?? 'High',
    faxPageCount: 0,
    coverIndex: fax.coverIndex ?? 3,
    ...(fax.coverPageText !== undefined && { coverPageText: fax.coverPageText }),
  };
}

function envelopeError(): Answer {
  return apiError(400, 'MSG-349', 'The first part is not a readable JSON envelope');
}

function isIsoTime(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function isCoverPage(index: unknown): boolean {
  return coverPages.some((page) => page.id === String(index));
}
