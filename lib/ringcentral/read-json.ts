import { parseJson } from '../domain/untrusted.ts';
import type { Answer } from './messages.ts';

/** The body as JSON; undefined for HTML, an empty or a broken body. */
export async function readJson(response: Pick<Answer, 'text'>): Promise<unknown> {
  return parseJson(await response.text());
}

/** Whether an answer is a page for people, which RingCentral's API never sends: something in between has answered. */
export function isPage(response: Pick<Answer, 'headers'>): boolean {
  return /\bhtml\b/i.test(response.headers.get('content-type') ?? '');
}
