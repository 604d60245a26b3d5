import { isAscii } from 'node:buffer';
import { LegacyFailure } from '../domain/failure.ts';
import type { CoverPage, FaxDocument, FaxOrder, FaxRecipient } from '../domain/fax.ts';
import type { E164, HomeCountry } from '../domain/phone.ts';
import { bufferView } from './buffer-view.ts';
import { readCoverPage } from './cover-page.ts';
import { typeOfName } from './document-type.ts';
import { cutText, describeDocument, type SentDocument } from './fax-document.ts';
import type { Fields } from './fields.ts';
import { repeatedFieldName } from './fields.ts';
import { extensionBySignature } from './file-signature.ts';
import { isTextField, type MultipartPart } from './multipart.ts';
import { readNumber } from './phone-number.ts';
import { parseSendTime } from './send-time.ts';
import { isText, isWhiteSpace } from './text-file.ts';

/** The parsed content of one fax request. */
export interface FaxInput {
  /** The text fields of the body, whatever its kind, and of the query. */
  readonly fields: Fields;
  /** All parts of a multipart body; empty for a url-encoded one. */
  readonly parts: readonly MultipartPart[];
  readonly nowMs: number;
  readonly homeCountry: HomeCountry;
}

/** The answer to a fax that RingCentral has accepted for sending, or that waits in the outbox. */
export const faxAccepted = '0';

/** RingCentral's limit of `coverPageText` in UTF-16 units (OpenAPI document: maxLength 1024). */
const maxCoverTextLength = 1024;
const utf8TextType = 'text/plain; charset=utf-8';

/** Most recipients of one fax. Programs send several hundred; RingCentral's own limit is not documented. */
export const maxRecipients = 1000;
/** Longest recipient, number and name together, in UTF-16 units. A name is a line on a cover page. */
export const maxRecipientLength = 1000;

/**
 * Reads a fax request into the order to send. `remarks` say, for the log, which input was understood but not followed.
 * They never hold a value from the request.
 * @throws LegacyFailure the first that applies: `recipient_missing`; `malformed` for too many recipients, for one that
 *   is too long and for a file in a text field; `fax_data_missing`; `malformed` for a file in an unknown field;
 *   `recipient_invalid`
 */
export function parseFax(input: FaxInput): { readonly order: FaxOrder; readonly remarks: readonly string[] } {
  const { fields, nowMs, homeCountry } = input;
  const remarks = new Set<string>();

  const recipientTexts = fields.all('Recipient').filter((text) => !/^[\s|]*$/.test(text));
  if (recipientTexts.length === 0) throw new LegacyFailure('recipient_missing');
  refuseTooLarge(recipientTexts);

  const cover = readCoverPage(fields.first('Coverpage'));
  const text = fields.first('Coverpagetext');
  const attachments = readAttachments(input, remarks);
  const documents = withCoverText(attachments, cover, text, remarks);
  const lost = lostDocument(input.parts);
  if (documents.length === 0) throw new LegacyFailure('fax_data_missing', lost?.detail);
  if (lost !== undefined) throw lost;

  const order: FaxOrder = {
    recipients: readRecipients(recipientTexts, homeCountry, remarks),
    documents,
    cover,
    coverText: text === undefined || isNoCover(cover) ? undefined : cutText(text, maxCoverTextLength),
    resolution: readResolution(fields.first('Resolution'), remarks),
    sendAtMs: readSendTime(fields.first('Sendtime'), nowMs, remarks),
  };
  return { order, remarks: [...remarks] };
}

/** Checks only the count and the lengths of the recipients, before any of them is parsed. */
function refuseTooLarge(recipientTexts: readonly string[]): void {
  if (recipientTexts.length > maxRecipients) {
    throw new LegacyFailure('malformed', { hint: `the fax has more than ${maxRecipients} recipients` });
  }
  if (recipientTexts.some((text) => text.length > maxRecipientLength)) {
    throw new LegacyFailure('malformed', { hint: `a recipient has more than ${maxRecipientLength} characters` });
  }
}

/**
 * Reads recipients of the form `number` or `number|name`. A number given twice is faxed once, because an unwanted
 * second copy is worse than a missing one that was meant.
 */
function readRecipients(
  texts: readonly string[],
  homeCountry: HomeCountry,
  remarks: Set<string>,
): readonly FaxRecipient[] {
  const recipients = new Map<E164, FaxRecipient>();
  for (const text of texts) {
    const barAt = text.indexOf('|');
    const number = readNumber(barAt === -1 ? text : text.slice(0, barAt), homeCountry);
    if (number === undefined) throw new LegacyFailure('recipient_invalid');
    const name = barAt === -1 ? undefined : readName(text.slice(barAt + 1));
    const known = recipients.get(number);
    if (known !== undefined) remarks.add('a recipient given more than once is faxed once');
    recipients.set(number, { number, name: known?.name ?? name });
  }
  return [...recipients.values()];
}

function readName(text: string): string | undefined {
  const name = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .trim();
  return name === '' ? undefined : name;
}

/** Returns the attached documents: parts called `Attachment`, else the text of url-encoded fields of that name. */
function readAttachments({ fields, parts }: FaxInput, remarks: Set<string>): readonly FaxDocument[] {
  const attached = parts.filter(isAttachment);
  const nextName = makeNamesUnique();
  if (attached.length === 0) return fields.allRaw('Attachment').map((text) => readTextField(text, nextName));
  const documents = attached.filter((part) => !isEmpty(part));
  if (documents.length < attached.length) remarks.add('an attachment with nothing in it is left out');
  return documents.map((part) => readDocument(part, nextName));
}

function isAttachment({ name }: MultipartPart): boolean {
  return repeatedFieldName(name) === 'attachment';
}

/** A part without a file name is typed or generated text, so white space alone in it is nothing to fax. */
function isEmpty({ fileName, bytes }: MultipartPart): boolean {
  return fileName === undefined ? bytes.every(isWhiteSpace) : bytes.length === 0;
}

/**
 * Returns the failure of a fax that would go out without one of its files: a file in a field with another name, or a
 * file with nothing in it, which the program could not read. A browser sends an unused file field without a file name.
 */
function lostDocument(parts: readonly MultipartPart[]): LegacyFailure | undefined {
  const files = parts.filter(isFile);
  if (files.some((part) => !isAttachment(part) && !isEmpty(part))) {
    return new LegacyFailure('malformed', { hint: 'a file is in a field other than Attachment' });
  }
  if (files.some((part) => isAttachment(part) && isEmpty(part))) {
    return new LegacyFailure('fax_data_missing', { hint: 'an attached file has nothing in it' });
  }
  return undefined;
}

/**
 * Returns whether a part is a file, in whatever field. A file name alone does not make one, because some libraries give
 * one to every part.
 */
function isFile(part: MultipartPart): boolean {
  const { fileName, bytes } = part;
  if (fileName === undefined || fileName === '') return false;
  const file = bufferView(bytes);
  if (isTextField(part)) return extensionBySignature(file) !== undefined;
  return typeOfName(fileName) !== undefined || !isText(file);
}

/** Makes a generated or changed file name unique. A name that goes out as sent stays as it is. */
function readDocument(sent: SentDocument, nextName: (name: string) => string): FaxDocument {
  const document = describeDocument(sent);
  return document.fileName === sent.fileName ? document : { ...document, fileName: nextName(document.fileName) };
}

/**
 * Reads text that was posted url-encoded; trailing NULs are padding. A file in such a field is refused, because decoding
 * it as text has changed its bytes.
 */
function readTextField(text: string, nextName: (name: string) => string): FaxDocument {
  let end = text.length;
  while (text[end - 1] === '\0') end -= 1;
  const bytes = Buffer.from(text.slice(0, end));
  const isChangedFile = extensionBySignature(bytes) !== undefined && !isAscii(bytes);
  if (!isText(bytes) || isChangedFile)
    throw new LegacyFailure('malformed', { hint: 'a file was sent as url-encoded text' });
  return readDocument({ fileName: undefined, contentType: utf8TextType, bytes }, nextName);
}

/** Returns a function that numbers equal names from the second on: `attachment.txt`, `attachment-2.txt`. */
function makeNamesUnique(): (name: string) => string {
  const counts = new Map<string, number>();
  return (name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : name.replace(/(?=\.[^.]*$)|$/, `-${count}`);
  };
}

/**
 * Adds the cover page text as a document where necessary. RingCentral requires at least one document, and its cover
 * pages hold 1,024 characters. So the text of a cover page without documents is also sent as a document, and a longer
 * text is sent whole as the first document. Without a cover page (`None`) the text is left out.
 */
function withCoverText(
  documents: readonly FaxDocument[],
  cover: CoverPage,
  text: string | undefined,
  remarks: Set<string>,
): readonly FaxDocument[] {
  if (text === undefined) return documents;
  if (isNoCover(cover)) {
    remarks.add('the cover page text is left out because no cover page is wanted');
    return documents;
  }
  const isLong = text.length > maxCoverTextLength;
  if (isLong) remarks.add('the cover page text is too long for the cover page and also sent as a document');
  return isLong || documents.length === 0 ? [textDocument('cover-page-text.txt', text), ...documents] : documents;
}

function isNoCover(cover: CoverPage): boolean {
  return cover.kind === 'index' && cover.index === 0;
}

function textDocument(fileName: string, text: string): FaxDocument {
  return { fileName, contentType: utf8TextType, bytes: new TextEncoder().encode(text) };
}
function readResolution(text: string | undefined, remarks: Set<string>): FaxOrder['resolution'] {
  const lowerCase = text?.toLowerCase();
  if (lowerCase === 'high') return 'High';
  if (lowerCase === 'low') return 'Low';
  if (lowerCase !== undefined) remarks.add('Resolution is neither Low nor High and is left out');
  return undefined;
}

function readSendTime(text: string | undefined, nowMs: number, remarks: Set<string>): number | undefined {
  const sendAtMs = parseSendTime(text, nowMs);
  if (text !== undefined && sendAtMs === undefined) remarks.add('Sendtime is past or unreadable: the fax goes out now');
  return sendAtMs;
}
