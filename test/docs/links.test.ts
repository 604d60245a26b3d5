import { posix } from 'node:path';
import { documents, exists, headings, readDocument, withoutCode } from './documents.ts';

/** Every link of a document to another file or heading of the project, as written. */
function relativeLinks(path: string): readonly string[] {
  return [...withoutCode(readDocument(path)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Whether the file exists, and its heading if the link has an anchor. */
function resolves(from: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : posix.join(posix.dirname(from), file);
  if (!exists(path)) return false;
  return anchor === undefined || headings(readDocument(path)).some(({ slug }) => slug === anchor);
}

describe.each(documents())('%s', (path) => {
  test('has no broken link to a file or heading of the project', () => {
    expect(relativeLinks(path).filter((target) => !resolves(path, target))).toEqual([]);
  });

  test('has no absolute path of a computer', () => {
    const text = readDocument(path);
    expect(text.match(/(?:^|[\s"'(`=:])(?:\/(?:work|root|home|Users|tmp\/\w+)\/|[A-Z]:\\Users\\)\S*/gm) ?? []).toEqual(
      [],
    );
  });

  test('has no URL of a package registry', () => {
    const text = readDocument(path);
    expect(text.match(/https?:\/\/registry\.\S+/g) ?? []).toEqual([]);
  });
});

test('headings get the anchors that GitHub generates', () => {
  const text = '# One: two, `three`\n\n```\n# not one\n```\n\n## Alarm refresh-failed\n\n## a_b\n\n## a_b\n';
  expect(headings(text).map(({ slug }) => slug)).toEqual(['one-two-three', 'alarm-refresh-failed', 'a_b', 'a_b-1']);
});
