import type { LogFields } from '../domain/ports.ts';
import { maskNumber, maskSession } from '../domain/log-name.ts';
import { maxNumberLength } from '../domain/phone.ts';
import type { Fields } from '../legacy/fields.ts';
import { readSession } from '../legacy/session-id.ts';
import type { LegacyRequest } from './event.ts';
import { originOf, type WebPage } from './web-page.ts';

/** A fax may go to hundreds. */
const mostRecipients = 5;
const longestUserAgent = 60;
const longestOrigin = 100;

/**
 * What is logged of every request, however early it fails: which program asks, and about what. Numbers are those sent, by
 * their last four digits: whether they are numbers at all may never be found out.
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

/** The page that was refused, for whoever has to decide about it; undefined if it names no http or https origin. */
export function originInLog(page: WebPage): string | undefined {
  return originOf(page)
    ?.slice(0, longestOrigin)
    .replaceAll(/\d{7,}/g, maskNumber);
}

/** A recipient is `number` or `number|name`. What is longer than any number is none. */
function maskSent(text: string): string {
  const barAt = text.indexOf('|');
  const number = barAt === -1 ? text : text.slice(0, barAt);
  return maskNumber(number.length > maxNumberLength ? '' : number.replaceAll(/\D/g, ''));
}

/** Programs name themselves as they like: what could move a terminal's cursor, or be a phone number, is not kept. */
function plainUserAgent(text: string): string {
  return text
    .replaceAll(/[^\u0020-\u007e]/g, '')
    .slice(0, longestUserAgent)
    .replaceAll(/\d{7,}/g, maskNumber);
}
