import type { CoverPage } from '../domain/fax.ts';

/** The cover pages on RingCentral's page for programs. The index of each is its REST `coverIndex`. */
const names = [
  'none',
  'ancient',
  'birthday',
  'blank',
  'clasmod',
  'classic',
  'confidential',
  'contempo',
  'elegant',
  'express',
  'formal',
  'jazzy',
  'modern',
  'urgent',
];

/**
 * Reads `Coverpage`: a name in any case, or a number from 0 to 13 as a widely used client sends it. Absent, empty and
 * `Default` mean the user's own default. Any other text is a name, in lower case, or number to look up in RingCentral's
 * dictionary.
 */
export function readCoverPage(text: string | undefined): CoverPage {
  const name = text?.trim() ?? '';
  const lowerCase = name.toLowerCase();
  if (lowerCase === '' || lowerCase === 'default') return { kind: 'default' };
  const index = /^\d{1,9}$/.test(name) ? Number(name) : names.indexOf(lowerCase);
  return index >= 0 && index < names.length ? { kind: 'index', index } : { kind: 'named', name: lowerCase };
}
