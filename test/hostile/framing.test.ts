import type { GatewayAnswer } from '../../lib/edge/answer.ts';
import { text } from '../answer.ts';
import { credentials, faxCredentials } from '../demo.ts';
import { faxPath, ringoutPath } from '../gateway-event.ts';
import { field, file, multipart } from '../multipart.ts';
import { startProduct, type Product } from '../product.ts';

/*
 * A badly framed delimiter leads to the complete fax or call, or to a refusal with nothing sent. Each damage is applied
 * to each delimiter in turn. Bodies are Latin-1 text, one character for each byte.
 */

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.close());

const boundary = 'XbXbXbX';
const delimiter = `--${boundary}`;
const pdf = Buffer.from(`%PDF-1.4\r\n${delimiter}x\r\n\x00\xff\n`, 'latin1');
const fax = multipart(
  [
    ...faxCredentials,
    field('Recipient', '6505550190|Demo Recipient'),
    field('Recipient', '6505550191'),
    field('Coverpage', 'Modern'),
    field('Coverpagetext', 'Dear Sir or Madam'),
    field('Sendtime', '31:12:99 23:59'),
    file('order.pdf', pdf, 'application/pdf'),
    file('second.pdf', '%PDF-1.4', 'application/pdf'),
  ],
  { boundary },
).toString('latin1');
const call = multipart(
  Object.entries({ cmd: 'call', ...credentials, To: '6505550100', From: '6505553711', Prompt: '1' }).map(
    ([name, value]) => field(name, value),
  ),
  { boundary },
).toString('latin1');

const post = (path: string, body: string): Promise<GatewayAnswer> => {
  product.nextTest();
  const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
  return product.send({ method: 'POST', path, headers, body: Buffer.from(body, 'latin1') });
};
/** The requests to RingCentral without the parts that vary between runs. */
const sent = () => [
  product.simulator.faxes.map(({ id: _id, acceptedAtMs: _acceptedAtMs, ...order }) => order),
  product.received().filter(({ request }) => request === 'POST …/ring-out'),
];

async function expectWhole(damage: (body: string) => string): Promise<void> {
  expect(await post(faxPath, fax)).toEqual(text('0'));
  const wholeFax = sent();
  expect(await post(faxPath, damage(fax))).toEqual(text('0'));
  expect(sent()).toEqual(wholeFax);
  expect(await post(ringoutPath, call)).toEqual(text(expect.stringMatching(/^OK \d{9} 3$/) as string));
  const wholeCall = sent();
  expect(await post(ringoutPath, damage(call))).toEqual(text(expect.stringMatching(/^OK \d{9} 3$/) as string));
  expect(sent()).toEqual(wholeCall);
}

async function expectRefused(damage: (body: string) => string): Promise<void> {
  expect(await post(faxPath, damage(fax))).toEqual(text('5'));
  expect(product.received()).toEqual([]);
  expect(await post(ringoutPath, damage(call))).toEqual(
    text('FAILED The request body cannot be read or was cut short'),
  );
  expect(product.received()).toEqual([]);
}

// conformance/fax.ts has more such bodies.
describe('a readable body is served whole', () => {
  test.each<[string, (body: string) => string]>([
    ['a body as it should be', (body) => body],
    ['blanks behind every delimiter', (body) => body.replaceAll(`${delimiter}\r\n`, `${delimiter} \t\r\n`)],
    ['NULs behind the last line end', (body) => `${body}\0\0\0\0`],
  ])('%s', async (_, damage) => {
    await expectWhole(damage);
  });

  test('LF behind any one delimiter', async () => {
    await eachDelimiter(expectWhole, (before, behind) => `${before}${delimiter}${behind.replace(/^\r\n/, '\n')}`);
  });
});

describe('a damaged body is refused', () => {
  test.each<[string, (before: string, behind: string) => string]>([
    ['LF before', (before, behind) => `${before.replace(/\r\n$/, '\n')}${delimiter}${behind}`],
    ['a carriage return before', (before, behind) => `${before.replace(/\r\n$/, '\r')}${delimiter}${behind}`],
    ['no line end before', (before, behind) => `${before.replace(/\r\n$/, '')}${delimiter}${behind}`],
    ['a blank before', (before, behind) => `${before} ${delimiter}${behind}`],
    ['a letter before', (before, behind) => `${before}x${delimiter}${behind}`],
    ['a hyphen before', (before, behind) => `${before}-${delimiter}${behind}`],
    ['a NUL before', (before, behind) => `${before}\0${delimiter}${behind}`],
    ['a carriage return behind', (before, behind) => `${before}${delimiter}${behind.replace(/^(--)?\r\n/, '\r')}`],
    ['no line end behind', (before, behind) => `${before}${delimiter}${behind.replace(/^(--)?\r\n/, '')}`],
    ['a line end too many behind', (before, behind) => `${before}${delimiter}\r\n${behind}`],
    ['a letter behind', (before, behind) => `${before}${delimiter}x${behind}`],
    ['a hyphen behind', (before, behind) => `${before}${delimiter}-${behind}`],
    ['a NUL behind', (before, behind) => `${before}${delimiter}\0${behind}`],
    ['one hyphen', (before, behind) => `${before}${delimiter.slice(1)}${behind}`],
    ['a closing delimiter too many', (before, behind) => `${before}${delimiter}--\r\n${delimiter}${behind}`],
  ])('any one delimiter with %s', async (_, damage) => {
    await eachDelimiter(expectRefused, damage);
  });

  test.each<[string, (body: string) => string]>([
    ['a closing delimiter with one hyphen', (body) => body.replace(/--\r\n$/, '-\r\n')],
    ['a byte order mark of UTF-16 first', (body) => `\u00ff\u00fe${body}`],
    ['a preamble without a line end', (body) => `This is MIME.${body}`],
    ['a part without headers', (body) => `${delimiter}\r\n\r\nx\r\n${body}`],
    ['a part whose headers do not end', (body) => body.replace('name="Password"\r\n\r\n', 'name="Password"\r\n')],
    ['a header line without a colon', (body) => body.replace(': form-data; name="Password"', ' name="Password"')],
    ['a part without a name', (body) => body.replace('; name="Password"', '')],
    ['a part that has lost its Content-Disposition', (body) => body.replace('Content-D', 'ontent-D')],
  ])('%s', async (_, damage) => {
    await expectRefused(damage);
  });
});

/** Applies the damage to every delimiter in turn. Delimiters that it does not change are skipped. */
async function eachDelimiter(
  expectation: (damage: (body: string) => string) => Promise<void>,
  damage: (before: string, behind: string) => string,
): Promise<void> {
  // The one inside the document is not a delimiter.
  const count = fax.split(new RegExp(`${delimiter}(?!x)`)).length - 1;
  for (let index = 0; index < count; index += 1) {
    const damageOne = (body: string): string => {
      const places = [...body.matchAll(new RegExp(`${delimiter}(?!x)`, 'g'))].map((match) => match.index);
      const place = places[Math.min(index, places.length - 1)] ?? 0;
      return damage(body.slice(0, place), body.slice(place + delimiter.length));
    };
    if (damageOne(fax) !== fax && damageOne(call) !== call) await expectation(damageOne);
  }
}
