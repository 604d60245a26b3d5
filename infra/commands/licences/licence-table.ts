import type { BundledPackage } from './bundled-packages.ts';

/**
 * Licences that allow changing, bundling and running a package, as this product does. A person has to read any other
 * licence before adding it here.
 */
const knownLicences: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
]);

/** Returns the packages with a missing or unknown licence. */
export function unknownLicences(packages: readonly BundledPackage[]): readonly BundledPackage[] {
  return packages.filter(({ licence }) => licence === undefined || !knownLicences.has(licence));
}

const headings = ['Package', 'Version', 'Licence'] as const;

/** Renders the packages as a Markdown table, with columns aligned as prettier does it. */
export function markdownTable(packages: readonly BundledPackage[]): readonly string[] {
  const rows = packages.map(({ name, version, licence }) => [`\`${name}\``, version, licence ?? 'none declared']);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

const begin = '<!-- written by: npm run dev:licences -- --write -->';
const end = '<!-- end of what is written -->';

/** Replaces the table between the document's two marks. Throws if a mark is missing. */
export function withTable(document: string, table: readonly string[]): string {
  const [before, rest] = splitAt(document, begin);
  const [, after] = splitAt(rest, end);
  return [before, begin, '\n\n', table.join('\n'), '\n\n', end, after].join('');
}

function splitAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  if (at === -1) throw new Error(`The document lacks the line ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
