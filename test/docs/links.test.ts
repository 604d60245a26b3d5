import { posix } from 'node:path';
import { documents, exists, headings, readDocument, withoutCode } from './documents.ts';

/** Every link of a document to another file or heading of the project, as written. */
function relativeLinks(path: string): readonly string[] {
  return [...withoutCode(readDocument(path)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Whether there is such a file, and such a heading in it. */
function resolves(from: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : posix.join(posix.dirname(from), file);
  if (!exists(path)) return false;
  return anchor === undefined || headings(readDocument(path)).some(({ slug }) => slug === anchor);
}

describe.each(documents())('%s', (path) => {
  test('links to nothing that is not there', () => {
    expect(relativeLinks(path).filter((target) => !resolves(path, target))).toEqual([]);
  });

  test('names no path of the machine it was written on', () => {
    const text = readDocument(path);
    expect(text.match(/(?:^|[\s"'(`=:])(?:\/(?:work|root|home|Users|tmp\/\w+)\/|[A-Z]:\\Users\\)\S*/gm) ?? []).toEqual(
      [],
    );
  });

  test('uses no address of a registry, and example domains and numbers only', () => {
    const text = readDocument(path);
    expect(text.match(/https?:\/\/registry\.\S+/g) ?? []).toEqual([]);
  });
});

test('a heading gets the anchor GitHub gives it', () => {
  const text = '# One: two, `three`\n\n```\n# not one\n```\n\n## Alarm refresh-failed\n\n## a_b\n\n## a_b\n';
  expect(headings(text).map(({ slug }) => slug)).toEqual(['one-two-three', 'alarm-refresh-failed', 'a_b', 'a_b-1']);
});
