import { resolveAlarms } from '../../infra/resources/alarms.ts';
import { failureCodes, LegacyFailure, type FailureCode } from '../../lib/domain/failure.ts';
import { failureDigit, failureJson, failureText } from '../../lib/legacy/failure-answers.ts';
import { text as valueOf } from '../infra/template.ts';
import { queryNames } from '../../infra/resources/saved-queries.ts';
import { headings, readDocument, section } from './documents.ts';

const document = readDocument('docs/troubleshooting.md');
const failureHeadings = headings(section(document, 'Failures')).filter(({ level }) => level === 4);

test('every failure code has its heading, and nothing else has one', () => {
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

  test('says what it means and what to do', () => {
    const [, meaning = ''] = body.trim().split(/\n\n/);
    expect(meaning.replaceAll(/\s+/g, ' ')).toMatch(/^\S.* \*\*Remedy:\*\* \S/);
  });
});

test.each([
  [new LegacyFailure('throttled', { retryAfterSeconds: 42 })],
  [new LegacyFailure('refused', { upstreamCode: 'CMN-100' })],
])('the text with a detail stands there too: %s', (failure) => {
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

  test('are all there', () => {
    expect(lines.map((match) => match[1])).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  test.each(['1', '2', '3', '4'])('%s leads to every failure that is answered with it', (digit) => {
    expect([...codesOf(digit)].sort()).toEqual([...codesWith(digit)].sort());
  });

  test('5 is that of all others', () => {
    const elsewhere = ['1', '2', '3', '4'].flatMap(codesWith);
    expect(codesWith('5').length + elsewhere.length).toBe(failureCodes.length);
    expect(codesOf('5')).toEqual([]);
  });
});

describe('the alarms', () => {
  test('each lead to a heading, and every heading of an alarm is led to', async () => {
    const { Resources } = await resolveAlarms({ resolveVariable: (name) => Promise.resolve(name) });
    const runbooks = Object.values(Resources).map(
      ({ Properties }) =>
        /Runbook: (docs\/troubleshooting\.md)#(\S+)$/.exec(valueOf(Properties['AlarmDescription']))?.[2] ?? '',
    );
    const slugs = headings(section(document, 'Alarms')).map(({ slug }) => slug);
    expect([...new Set(runbooks)].sort()).toEqual([...slugs].sort());
  });
});

describe('the queries', () => {
  const alarms = headings(section(document, 'Alarms')).map(({ title, body }) => ({
    alarm: title.replace(/^Alarm /, ''),
    named: [...body.matchAll(/\bQuery: `([^`]+)`/g)].map(([, name = '']) => name),
  }));

  test('that are saved are all named on the page, and no others', () => {
    const inRunbooks = alarms.flatMap(({ named }) => named);
    const elsewhere = queryNames.filter((name) => section(document, 'Find a request').includes(`\`${name}\``));
    expect([...new Set([...inRunbooks, ...elsewhere])].sort()).toEqual([...queryNames].sort());
  });

  test('of an alarm stand in its runbook', () => {
    const withQuery = alarms.filter(({ alarm }) => queryNames.some((name) => name === alarm));
    expect(withQuery.map(({ alarm, named }) => [alarm, named])).toEqual(withQuery.map(({ alarm }) => [alarm, [alarm]]));
  });
});
