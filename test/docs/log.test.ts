import { readdirSync } from 'node:fs';
import { credentials, faxCredentials } from '../demo.ts';
import { formPost, gatewayEvent, lambdaContext, multipartPost } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import { startProduct } from '../product.ts';
import { readDocument, section } from './documents.ts';

/*
 * What docs/troubleshooting.md says of the log, against the sources and against what is really logged.
 */

const page = section(readDocument('docs/troubleshooting.md'), 'Find a request');
const sources = readdirSync('lib', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readDocument(`lib/${path}`))
  .join('\n');

/** The rows of the table with this heading, as cells. */
function table(firstHeading: string): readonly (readonly string[])[] {
  const [, body = ''] = page.split(new RegExp(`^\\| ${firstHeading} +\\|.*\\n\\|[ |:-]+\\n`, 'm'));
  const rows = (/^(?:\|.*\n)+/.exec(body)?.[0] ?? '').trimEnd().split('\n');
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}
const codes = (cell: string | undefined): readonly string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
const firstCodes = (heading: string): readonly string[] => table(heading).flatMap(([cell]) => codes(cell));

/** Texts in the sources, with `…` for what is only known at run time. */
const texts = (pattern: RegExp): readonly string[] =>
  [
    ...new Set(
      [...sources.matchAll(pattern)].map((match) => (match[1] ?? match[2] ?? '').replaceAll(/\$\{[^}]+\}/g, '…')),
    ),
  ].sort();

test('every message has its line, with its level', () => {
  const logged = [...sources.matchAll(/\b(?:log|ownLog)\.(debug|info|warn|error)\(\s*'([^']+)'/g)]
    .map(([, level, message]) => `${message} (${level})`)
    .filter((text) => !text.startsWith('answered ('));
  const told = table('message').map(([message, level]) => `${codes(message).join()} (${level})`);
  expect([...told].sort()).toEqual([...new Set(logged)].sort());
});

test('every note has its line', () => {
  const written = texts(/\bnote: (?:'([^']+)'|`([^`]+)`)/g);
  // These are not written as such in one place: the form's state, and the message of an exception.
  const elsewhere = ['cut_short', 'unreadable', 'the time of the function is nearly over'];
  for (const text of elsewhere) expect(sources).toContain(`'${text}'`);
  expect([...firstCodes('`note`')].sort()).toEqual([...written, ...elsewhere].sort());
});

test('every note on a fax has its line', () => {
  expect([...firstCodes('in `notes`')].sort()).toEqual(texts(/\bnotes\.add\('([^']+)'/g));
});

test('every field of a request has its line', async () => {
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
    expect([...firstCodes('field')].sort()).toEqual([...seen].sort());
  } finally {
    await product.close();
  }
});
