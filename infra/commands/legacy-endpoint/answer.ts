import { maskNumber } from '../../../lib/domain/log-name.ts';
import { shown } from '../report/check.ts';
import type { ProbeAnswer } from './request.ts';

/**
 * Returns the rules that an answer of the legacy endpoints breaks. Old clients require them: they raise another error on
 * any status but 200, compare parts of the body without trimming, and load answers in frames.
 */
export function wireProblems({ status, headers, body }: ProbeAnswer): readonly string[] {
  const contentType = headers.get('content-type') ?? 'missing';
  const disposition = headers.get('content-disposition') ?? '';
  return [
    ...(status === 200 ? [] : [`status ${status} instead of 200`]),
    ...(contentType === 'text/plain; charset=utf-8' ? [] : ['the content type is not text/plain; charset=utf-8']),
    ...(/[\r\n]$/.test(body) ? ['a line end behind the answer'] : []),
    ...(headers.has('x-frame-options') ? ['X-Frame-Options keeps it out of frames'] : []),
    ...(/attachment/i.test(disposition) ? ['Content-Disposition makes it a download'] : []),
  ];
}

/**
 * Returns the printable beginning of an answer. Reduces everything that could be a phone number to its last four
 * digits.
 */
export function shownAnswer(body: string): string {
  return `"${shown(body.replaceAll(/\d{7,}/g, maskNumber))}"`.replace('"(nothing)"', 'nothing');
}

/** Whether the text has the form of an answer to `list`: pairs of a number and a unique label. */
export function isList(body: string): boolean {
  if (body === 'OK ') return true;
  if (!body.startsWith('OK ')) return false;
  const items = body.slice(3).split(';');
  const labels = items.filter((_, index) => index % 2 === 1);
  return (
    items.length % 2 === 0 &&
    items.every((item, index) => (index % 2 === 0 ? /^\+?\d+$/.test(item) : item.trim() !== '')) &&
    new Set(labels).size === labels.length
  );
}

/** Whether the text is `FAILED` and a sentence without OK, which programs search for. */
export function isFailure(body: string): boolean {
  return /^FAILED \S/.test(body) && !/ok/i.test(body);
}

/** Whether the text is a digit by which the fax endpoint reports a failure; `0` reports success. */
export function isFaxFailure(body: string): boolean {
  return /^[1-5]$/.test(body);
}
