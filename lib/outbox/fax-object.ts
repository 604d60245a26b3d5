import type { CoverPage, FaxDocument, FaxOrder, FaxRecipient } from '../domain/fax.ts';
import type { E164 } from '../domain/phone.ts';
import { asArray, asNumber, asObject, asText, parseJson, type Json } from '../domain/untrusted.ts';

/*
 * A fax as one object: a line of JSON with everything but the documents' bytes, followed by those bytes. The request to
 * RingCentral is built from it when the fax is sent.
 */

const lineEnd = 0x0a;

/** Returns the object in pieces; the documents' pieces are views of the order's own bytes. */
export function faxObject(order: FaxOrder): readonly Uint8Array[] {
  const { documents, ...rest } = order;
  const head = {
    ...rest,
    documents: documents.map(({ fileName, contentType, bytes }) => ({
      fileName,
      contentType,
      bytes: bytes.byteLength,
    })),
  };
  return [Buffer.from(`${JSON.stringify(head)}\n`), ...documents.map(({ bytes }) => bytes)];
}

/** Reads an object. Returns undefined when it is incomplete. The documents are views of `bytes`. */
export function readFaxObject(bytes: Uint8Array): FaxOrder | undefined {
  const headEnd = bytes.indexOf(lineEnd);
  if (headEnd === -1) return undefined;
  const head = asObject(parseJson(Buffer.from(bytes.subarray(0, headEnd)).toString()));
  if (head === undefined) return undefined;
  const documents = readDocuments(asArray(head['documents']), bytes.subarray(headEnd + 1));
  const recipients = asArray(head['recipients']).map(readRecipient);
  const cover = readCover(asObject(head['cover']));
  const resolution = asText(head['resolution']);
  if (documents === undefined || cover === undefined || recipients.length === 0) return undefined;
  if (!recipients.every((recipient) => recipient !== undefined)) return undefined;
  return {
    recipients,
    documents,
    cover,
    coverText: asText(head['coverText']),
    resolution: resolution === 'High' || resolution === 'Low' ? resolution : undefined,
    sendAtMs: asNumber(head['sendAtMs']),
  };
}

/** Returns undefined unless the bytes have exactly the length of the documents. */
function readDocuments(heads: readonly unknown[], bytes: Uint8Array): readonly FaxDocument[] | undefined {
  const documents: FaxDocument[] = [];
  let at = 0;
  for (const value of heads) {
    const head = asObject(value);
    const fileName = asText(head?.['fileName']);
    const contentType = asText(head?.['contentType']);
    const length = asNumber(head?.['bytes']);
    if (fileName === undefined || contentType === undefined || length === undefined) return undefined;
    documents.push({ fileName, contentType, bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  return documents.length > 0 && at === bytes.byteLength ? documents : undefined;
}

function readRecipient(value: unknown): FaxRecipient | undefined {
  const recipient = asObject(value);
  const number = asText(recipient?.['number']);
  if (number?.startsWith('+') !== true) return undefined;
  return { number: number as E164, name: asText(recipient?.['name']) };
}

function readCover(cover: Json | undefined): CoverPage | undefined {
  const index = asNumber(cover?.['index']);
  const name = asText(cover?.['name']);
  switch (cover?.['kind']) {
    case 'default':
      return { kind: 'default' };
    case 'index':
      return index === undefined ? undefined : { kind: 'index', index };
    case 'named':
      return name === undefined ? undefined : { kind: 'named', name };
    default:
      return undefined;
  }
}
