import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The text of a file of the project; path from the project's folder. */
export const readDocument = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Every Markdown file a reader may open, as paths from the project's folder. */
export function documents(): readonly string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
  return ['README.md', 'CHANGELOG.md', 'test/clients/README.md', ...below('docs'), ...below('.github')].filter((path) =>
    existsSync(join(root, path)),
  );
}

export const exists = (path: string): boolean => existsSync(join(root, path));

export interface Heading {
  /** Number of `#`. */
  readonly level: number;
  readonly title: string;
  /** The anchor of a link to it, as GitHub generates it. */
  readonly slug: string;
  /** The text below it, up to the next heading of the same or a higher level. */
  readonly body: string;
}

/** The headings of a Markdown text, without lines in fenced code. */
export function headings(text: string): readonly Heading[] {
  const lines = text.split('\n');
  const inCode = codeLines(lines);
  const found = lines.flatMap((line, index) => {
    const match = inCode[index] === true ? null : /^(#{1,6}) (.+)$/.exec(line);
    return match === null ? [] : [{ index, level: match[1]?.length ?? 0, title: match[2] ?? '' }];
  });
  const seen = new Map<string, number>();
  return found.map(({ index, level, title }, position) => {
    const end = found.slice(position + 1).find((next) => next.level <= level)?.index ?? lines.length;
    const plain = slugOf(title);
    const count = seen.get(plain) ?? 0;
    seen.set(plain, count + 1);
    return {
      level,
      title,
      slug: count === 0 ? plain : `${plain}-${count}`,
      body: lines.slice(index + 1, end).join('\n'),
    };
  });
}

/** The section under a heading. Throws if there is no such heading. */
export function section(text: string, title: string): string {
  const found = headings(text).find((heading) => heading.title === title);
  if (found === undefined) throw new Error(`There is no heading "${title}"`);
  return found.body;
}

/** A fenced block of a Markdown page. */
export interface CodeBlock {
  /** The text after the opening fence. */
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
}

/** The fenced blocks of a Markdown text, in order. The text of a block in a list keeps the list's indentation. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  return [...markdown.matchAll(/^( *)```(\w*)\n([^]*?)^\1```$/gm)].map(({ 2: language = '', 3: text = '', index }) => ({
    language,
    text,
    line: markdown.slice(0, index).split('\n').length,
  }));
}

/** Text of a document outside of fenced code and inline code. */
export function withoutCode(text: string): string {
  const lines = text.split('\n');
  const inCode = codeLines(lines);
  return lines
    .filter((_, index) => inCode[index] !== true)
    .join('\n')
    .replaceAll(/`[^`\n]*`/g, '');
}

function codeLines(lines: readonly string[]): readonly boolean[] {
  let inside = false;
  return lines.map((line) => {
    const isFence = /^\s*```/.test(line);
    if (isFence) inside = !inside;
    return inside || isFence;
  });
}

function slugOf(title: string): string {
  return title
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}
