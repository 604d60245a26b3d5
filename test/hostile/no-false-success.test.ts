import { readFileSync } from 'node:fs';
import { gatewayResponses } from '../../infra/resources/gateway-responses.ts';
import { text } from '../answer.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials, faxCredentials } from '../demo.ts';
import { gatewayEvent, lambdaContext, multipartPost } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import { callQuery, chapters, type FailurePoint } from './failure-points.ts';

/*
 * A call that was not placed is never answered `OK …`, and a fax that was not accepted never `0`. The tests go through
 * the table of docs/failure-points.md, and check the page against the results.
 */

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
beforeEach(async () => {
  product.nextTest();
  // A token is cached, unless the failure needs a token request.
  await product.get({ cmd: 'list', ...credentials });
  product.simulator.reset();
});
afterAll(() => product.close());

const usual = {
  call: { query: callQuery },
  fax: multipartPost([...faxCredentials, field('Recipient', '6505550190'), file('a.txt', 'x')]),
};

const isSuccess = (body: string): boolean => body === '0' || body.startsWith('OK');

async function meet(point: FailurePoint, kind: 'call' | 'fax', expected: string): Promise<void> {
  const handlers = point.arrange?.(product) ?? product.handlers;
  const handler = kind === 'call' ? handlers.ringout : handlers.fax;
  const answered = handler(gatewayEvent(point.request?.[kind] ?? usual[kind]), lambdaContext(point.remainingMs));
  if (point.waitsMs !== undefined) await product.passWhilePlacing(point.waitsMs);
  const answer = await answered;
  const sid = /^OK (\d{9})/.exec(answer.body)?.[1] ?? '';
  expect(answer).toEqual(text(expected.replace('<sid>', sid)));
  const { simulator } = product;
  const carriedOut = kind === 'call' ? simulator.calls.length : simulator.faxes.length;
  expect(carriedOut).toBe(point.carriedOut === true ? 1 : 0);
  if (isSuccess(answer.body)) expect(carriedOut).toBe(1);
}

describe.each(chapters.map(({ title, points }) => [title, points] as const))('%s', (_, points) => {
  const happeningTo = (kind: 'call' | 'fax') =>
    points.flatMap((point) => (point[kind] === undefined ? [] : [[point.where, point, point[kind]] as const]));
  test.each(happeningTo('call'))('%s: call', (__, point, expected) => meet(point, 'call', expected));
  test.each(happeningTo('fax'))('%s: fax', (__, point, expected) => meet(point, 'fax', expected));
});

const page = readFileSync('docs/failure-points.md', 'utf8');

test('the page has the tested tables, row by row', () => {
  const cell = (body: string | undefined): string => (body === undefined ? '–' : `\`${body}\``);
  const lines = page.split('\n').map((line) => line.replaceAll(/ *\| */g, '|'));
  for (const { title, points } of chapters) {
    const from = lines.indexOf(`## ${title}`);
    const rows = lines.slice(from).filter((line, index) => line.startsWith('|') && index < points.length + 6);
    expect([title, rows.slice(2, points.length + 2)]).toEqual([
      title,
      points.map(
        ({ where, call, fax, carriedOut }) =>
          `|${where}|${cell(call)}|${cell(fax)}|${carriedOut === true ? 'yes' : 'no'}|`,
      ),
    ]);
  }
});

describe('API Gateway’s own answers do not look like success', () => {
  const rows = page.split('\n').flatMap((line) => {
    const [, where, types, status, body] =
      /^\| ([^|]+?) *\| ([A-Z0-9_, `]+?) *\| (\d{3}) *\| `(.+)` *\|$/.exec(line) ?? [];
    return where === undefined ? [] : [{ where, types: types?.match(/[A-Z0-9_]+/g) ?? [], status, body }];
  });

  test.each(rows.map((row) => [row.where, row] as const))('%s', (_, { types, status, body }) => {
    for (const type of types) {
      const response = Object.values(gatewayResponses.Resources).find(
        ({ Properties }) => Properties.ResponseType === type,
      );
      expect(response?.Properties.StatusCode).toBe(status);
      expect(new Set(Object.values(response?.Properties.ResponseTemplates ?? {}))).toEqual(new Set([body]));
    }
    expect(isSuccess(body ?? '')).toBe(false);
  });

  test('the page names every type of gateway response', () => {
    const named = new Set(rows.flatMap(({ types }) => types));
    expect([...named].sort()).toEqual(
      Object.values(gatewayResponses.Resources)
        .map(({ Properties }) => Properties.ResponseType)
        .sort(),
    );
  });
});
