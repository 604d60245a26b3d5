import type { LogFields } from '../domain/ports.ts';
import { maskNumber, maskSession } from '../domain/log-name.ts';
import { maxNumberLength } from '../domain/phone.ts';
import type { Fields } from '../legacy/fields.ts';
import { readSession } from '../legacy/session-id.ts';
import type { LegacyRequest } from './event.ts';
import { originOf, type WebPage } from './web-page.ts';

/** Limit, because a fax may have hundreds of recipients. */
const mostRecipients = 5;
const longestUserAgent = 60;
const longestOrigin = 100;

/**
 * Returns the log fields of every request, however early it fails: the program, the numbers and the session. Numbers
 * are logged as sent, by their last four digits, because they may never be validated.
 */
export function requestInLog({ sourceIp, userAgent }: LegacyRequest, fields: Fields): LogFields {
  const recipients = fields.all('Recipient').slice(0, mostRecipients);
  const [called, from, session] = [fields.first('To'), fields.first('From'), fields.first('SessionID')];
  const to = recipients.length === 0 && called !== undefined ? [called] : recipients;
  return {
    sourceIp,
    userAgent: userAgent === undefined ? undefined : plainUserAgent(userAgent),
    to: to.length === 0 ? undefined : to.map(maskSent).join(' '),
    from: from === undefined ? undefined : maskSent(from),
    session: session === undefined ? undefined : maskSession(readSession(fields).sessionId),
  };
}

/**
 * Returns the refused page's origin, for the operator who decides about it; undefined without an http or https origin.
 */
export function originInLog(page: WebPage): string | undefined {
  return originOf(page)
    ?.slice(0, longestOrigin)
    .replaceAll(/\d{7,}/g, maskNumber);
}

/** Masks a recipient, `number` or `number|name`. Text longer than any phone number is not a number. */
function maskSent(text: string): string {
  const barAt = text.indexOf('|');
  const number = barAt === -1 ? text : text.slice(0, barAt);
  return maskNumber(number.length > maxNumberLength ? '' : number.replaceAll(/\D/g, ''));
}

/** A `User-Agent` may contain anything: control characters for a terminal are removed, and phone numbers masked. */
function plainUserAgent(text: string): string {
  return text
    .replaceAll(/[^\u0020-\u007e]/g, '')
    .slice(0, longestUserAgent)
    .replaceAll(/\d{7,}/g, maskNumber);
}
