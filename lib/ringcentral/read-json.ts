import { parseJson } from '../domain/untrusted.ts';
import type { Answer } from './messages.ts';

/** Parses the body as JSON. Returns undefined for HTML, and for an empty or broken body. */
export async function readJson(response: Pick<Answer, 'text'>): Promise<unknown> {
  return parseJson(await response.text());
}

/** Whether an answer is an HTML page. RingCentral's API never sends one, so a proxy has answered. */
export function isPage(response: Pick<Answer, 'headers'>): boolean {
  return /\bhtml\b/i.test(response.headers.get('content-type') ?? '');
}
