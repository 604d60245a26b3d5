import { parse } from 'yaml';
import { readSecretDocument } from '../../lib/runtime/secret-document.ts';
import { codeBlocks, documents, readDocument, section } from './documents.ts';
import { mappingLogicalId } from '../../infra/commands/aws/stack.ts';
import { phoneRules } from '../../lib/legacy/phone-number.ts';

const document = readDocument('docs/deploy.md');
const rows = (title: string): readonly string[] =>
  [...section(document, title).matchAll(/^- `([\w[\].]+)`(?: \(.+\))?: \S/gm)].map((match) => match[1] ?? '');

test('the list of parameters has every parameter and no other', () => {
  const { default: parameters } = parse(readDocument('infra/params.yml')) as { default: Record<string, unknown> };
  expect([...rows('Parameters')].sort()).toEqual(Object.keys(parameters).sort());
});

test('the emergency stop names the default throttle, the path of the stage and the logical ids of the template', () => {
  const stop = section(document, 'Emergency stop');
  const { default: params } = parse(readDocument('infra/params.yml')) as { default: Record<string, unknown> };
  expect(stop).toContain(`(${String(params['throttleRate'])} and ${String(params['throttleBurst'])})`);
  expect(readDocument('infra/resources/gateway-stage.yml')).toMatch(/ResourcePath: \/\*\n +HttpMethod: '\*'/);
  expect(stop).toContain('path=/*/*/throttling/rateLimit');
  expect(stop).toContain('--logical-resource-id ApiGatewayRestApi');
  expect(stop).toContain(`--logical-resource-id ${mappingLogicalId}`);
});

describe('the example of a secret document', () => {
  const text = readDocument('docs/secret.example.json');

  test('is valid, and has a user with a password and one without', () => {
    const result = readSecretDocument(text, phoneRules);
    expect(result).toMatchObject({
      ok: true,
      users: [
        { username: '8889363711', extension: '101', legacyPassword: 'demo-password', homeCountry: 'US' },
        { username: '8889363711', extension: '', legacyPassword: null, homeCountry: 'US' },
      ],
    });
  });

  test('has exactly the fields that the guide explains, and demo values for the client and the JWTs', () => {
    const { users, ...client } = JSON.parse(text) as { users: Record<string, unknown>[] } & Record<string, string>;
    const fields = new Set([
      ...Object.keys(client),
      ...users.flatMap((user) => Object.keys(user)).map((name) => `users[].${name}`),
    ]);
    expect([...rows('The secret document')].sort()).toEqual([...fields].sort());
    expect(
      Object.values(client).filter((value) => !/^demo-|^https:\/\/platform\.ringcentral\.com$/.test(value)),
    ).toEqual([]);
    expect(users.filter(({ jwt }) => !String(jwt).startsWith('demo-'))).toEqual([]);
  });
});

test('the guide and the README export the region once, and no command has --region', () => {
  for (const page of [document, readDocument('README.md')]) {
    const text = codeBlocks(page)
      .flatMap((block) => (block.language === 'sh' ? [block.text] : []))
      .join('\n');
    expect(text.match(/export AWS_REGION=/g)).toHaveLength(1);
    expect(text).not.toMatch(/--region|npx serverless/);
  }
});

const pages = documents().filter((path) => path.startsWith('docs/'));
test.each(pages)('commands of %s that need AWS are marked as not executed by the tests', (path) => {
  const page = readDocument(path);
  const blocks = codeBlocks(page).flatMap(({ language, text }) => (language === 'sh' ? [text] : []));
  const unmarked = blocks.filter(
    (block) => /\baws \w|run (?:deploy|remove)/.test(block) && !block.includes('executed by the tests'),
  );
  const announced = /not executed by the tests\)?:\n\n```sh\n([\s\S]*?)```/g;
  const inText = [...page.matchAll(announced)].map((match) => match[1] ?? '');
  expect(unmarked.filter((block) => !inText.includes(block))).toEqual([]);
});
