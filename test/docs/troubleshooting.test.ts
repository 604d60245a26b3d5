import { resolveAlarms } from '../../infra/resources/alarms.ts';
import { failureCodes, LegacyFailure, type FailureCode } from '../../lib/domain/failure.ts';
import { failureDigit, failureJson, failureText } from '../../lib/legacy/failure-answers.ts';
import { text as valueOf } from '../infra/template.ts';
import { queryNames } from '../../infra/resources/saved-queries.ts';
import { headings, readDocument, section } from './documents.ts';

const document = readDocument('docs/troubleshooting.md');
const failureHeadings = headings(section(document, 'Failures')).filter(({ level }) => level === 4);

test('the page has a heading for every failure code and no other', () => {
  expect(failureHeadings.map(({ title }) => title).sort()).toEqual([...failureCodes].sort());
});

describe.each(failureCodes)('%s', (code) => {
  const body = failureHeadings.find(({ title }) => title === code)?.body ?? '';
  const failure = new LegacyFailure(code);

  test('shows the ringout text, the fax digit and the JSON status', () => {
    const [answers = ''] = body.trim().split('\n\n');
    expect(answers.replaceAll(/\s+/g, ' ')).toBe(
      `\`${failureText(failure)}\`, fax \`${failureDigit(failure)}\`, JSON ${failureJson(failure).statusCode}`,
    );
  });

  test('has a meaning and a remedy', () => {
    const [, meaning = ''] = body.trim().split(/\n\n/);
    expect(meaning.replaceAll(/\s+/g, ' ')).toMatch(/^\S.* \*\*Remedy:\*\* \S/);
  });
});

test.each([
  [new LegacyFailure('throttled', { retryAfterSeconds: 42 })],
  [new LegacyFailure('refused', { upstreamCode: 'CMN-100' })],
])('the page shows the text with a detail: %s', (failure) => {
  expect(section(document, failure.code)).toContain(`\`${failureText(failure)}\``);
});

describe('the fax digits', () => {
  const lines = [...section(document, 'Fax digits').matchAll(/(?:^|\n)- `(\d)` ([^]+?)(?=\n- |\s*$)/g)];
  const codesOf = (digit: string): readonly string[] => {
    const text = lines.find((match) => match[1] === digit)?.[2] ?? '';
    return [...text.matchAll(/\[(\w+)\]\(#\w+\)/g)].map((match) => match[1] ?? '');
  };
  const codesWith = (digit: string): readonly FailureCode[] =>
    failureCodes.filter((code) => failureDigit(new LegacyFailure(code)) === digit);

  test('are all on the page', () => {
    expect(lines.map((match) => match[1])).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  test.each(['1', '2', '3', '4'])('%s links to exactly the failures with this digit', (digit) => {
    expect([...codesOf(digit)].sort()).toEqual([...codesWith(digit)].sort());
  });

  test('5 links to none, because all other failures have it', () => {
    const elsewhere = ['1', '2', '3', '4'].flatMap(codesWith);
    expect(codesWith('5').length + elsewhere.length).toBe(failureCodes.length);
    expect(codesOf('5')).toEqual([]);
  });
});

describe('the alarms', () => {
  test('link to exactly the headings of the section', async () => {
    const { Resources } = await resolveAlarms({ resolveVariable: (name) => Promise.resolve(name) });
    const runbooks = Object.values(Resources).map(
      ({ Properties }) =>
        /Runbook: (docs\/troubleshooting\.md)#(\S+)$/.exec(valueOf(Properties['AlarmDescription']))?.[2] ?? '',
    );
    const slugs = headings(section(document, 'Alarms')).map(({ slug }) => slug);
    expect([...new Set(runbooks)].sort()).toEqual([...slugs].sort());
  });
});

describe('the saved queries', () => {
  const alarms = headings(section(document, 'Alarms')).map(({ title, body }) => ({
    alarm: title.replace(/^Alarm /, ''),
    named: [...body.matchAll(/\bQuery: `([^`]+)`/g)].map(([, name = '']) => name),
  }));

  test('are all named on the page, and no others', () => {
    const inRunbooks = alarms.flatMap(({ named }) => named);
    const elsewhere = queryNames.filter((name) => section(document, 'Find a request').includes(`\`${name}\``));
    expect([...new Set([...inRunbooks, ...elsewhere])].sort()).toEqual([...queryNames].sort());
  });

  test('of an alarm are named in its runbook', () => {
    const withQuery = alarms.filter(({ alarm }) => queryNames.some((name) => name === alarm));
    expect(withQuery.map(({ alarm, named }) => [alarm, named])).toEqual(withQuery.map(({ alarm }) => [alarm, [alarm]]));
  });
});
