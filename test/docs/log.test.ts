import { readdirSync } from 'node:fs';
import { credentials, faxCredentials } from '../demo.ts';
import { formPost, gatewayEvent, lambdaContext, multipartPost } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import { startProduct } from '../product.ts';
import { readDocument, section } from './documents.ts';

/*
 * Compares docs/troubleshooting.md and docs/dev/log.md with the texts in the sources and with lines that requests log.
 */

const page = readDocument('docs/troubleshooting.md');
const more = readDocument('docs/dev/log.md');
const sources = readdirSync('lib', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readDocument(`lib/${path}`))
  .join('\n');

/** The items of the list under a heading: the texts of each item, and the word in brackets after them. */
const items = (text: string, title: string) =>
  [...section(text, title).matchAll(/^- (`[^`]+`(?:, `[^`]+`)*)(?: \((\w+)\))?(?=[:.]|$)/gm)].map(
    ([, texts = '', level = '']) => ({ texts: [...texts.matchAll(/`([^`]+)`/g)].map(([, each = '']) => each), level }),
  );
const textsOf = (text: string, title: string): readonly string[] => items(text, title).flatMap(({ texts }) => texts);

/** The texts in the sources that match, with `…` for values of the run time. */
const texts = (pattern: RegExp): readonly string[] =>
  [
    ...new Set(
      [...sources.matchAll(pattern)].map((match) => (match[1] ?? match[2] ?? '').replaceAll(/\$\{[^}]+\}/g, '…')),
    ),
  ].sort();

test('the page has a line for every log message, with its level', () => {
  const logged = [...sources.matchAll(/\b(?:log|ownLog)\.(debug|info|warn|error)\(\s*'([^']+)'/g)]
    .map(([, level, message]) => `${message} (${level})`)
    .filter((text) => !text.startsWith('answered ('));
  const told = items(more, 'Messages').map(({ texts: [message], level }) => `${message} (${level})`);
  expect([...told].sort()).toEqual([...new Set(logged)].sort());
});

test('the page has a line for every hint', () => {
  const written = texts(/\bhint: (?:'([^']+)'|`([^`]+)`)/g);
  // These are not literals after `hint:`. Two are states of the form, one is the message of an exception.
  const elsewhere = ['cut_short', 'unreadable', 'the time of the function is nearly over'];
  for (const text of elsewhere) expect(sources).toContain(`'${text}'`);
  expect([...textsOf(more, 'Hints')].sort()).toEqual([...written, ...elsewhere].sort());
});

test('the page has a line for every remark on a fax', () => {
  expect([...textsOf(more, 'Remarks on a fax')].sort()).toEqual(texts(/\bremarks\.add\('([^']+)'/g));
});

test('the page has a line for every field of the line `answered`', async () => {
  const product = await startProduct({ outbox: true });
  try {
    const { ringout } = product.container({
      replace: () => ({
        openApi() {
          throw new TypeError('demo');
        },
      }),
    });
    const list = { query: { cmd: 'list', ...credentials }, headers: { 'User-Agent': 'demo/1.0' } };
    await ringout(gatewayEvent(list), lambdaContext());
    const sid = await product.place();
    await product.send(formPost({ cmd: 'cancel', SessionID: sid }));
    await product.send({ query: { ...list.query, Password: 'guess' } });
    await product.send({ ...list, headers: { Origin: 'https://crm.example' } });
    const recipient = field('Recipient', '6505550190');
    const fax = multipartPost([...faxCredentials, recipient, recipient, file('a.txt', 'a')]);
    await product.send(fax);
    await product.send(fax);
    product.simulator.failNext('ring-out', { status: 503 });
    await product.send({ query: { ...list.query, cmd: 'call', To: '6505550101', From: '6505553711' } });
    product.simulator.failNext('forwarding-number', { status: 429, body: { errorCode: 'CMN-301' } });
    await product.send(list);
    const answered = product.lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ message }) => message === 'answered');
    const seen = new Set(answered.flatMap((line) => Object.keys(line)));
    expect([...textsOf(page, 'Fields')].sort()).toEqual([...seen].sort());
  } finally {
    await product.close();
  }
});
