import { readFileSync } from 'node:fs';
import { gatewayResponses } from '../../infra/resources/gateway-responses.ts';
import { failureCodes, LegacyFailure, type FailureCode } from '../../lib/domain/failure.ts';
import { failureDigit, failureText } from '../../lib/legacy/failure-answers.ts';
import { text } from '../answer.ts';
import { section } from '../docs/documents.ts';
import { startProduct, type Product } from '../product.ts';
import { credentials, faxCredentials } from '../demo.ts';
import { gatewayEvent, lambdaContext, multipartPost } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import { callQuery, chapters, type FailurePoint } from './failure-points.ts';

/*
 * No failure makes the product answer `OK …` to a call that was not placed, or `0` to a fax that was not accepted. These
 * tests cause each failure of docs/troubleshooting.md and compare the answers with the page.
 */

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
beforeEach(async () => {
  product.nextTest();
  // Caches a token. A failure point may make it expire.
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
  const received = simulator.requests.filter((request) => request.kind === (kind === 'call' ? 'ring-out' : 'fax'));
  expect(received).toHaveLength(point.received ?? carriedOut);
}

describe.each(chapters.map(({ title, points }) => [title, points] as const))('%s', (_, points) => {
  const happeningTo = (kind: 'call' | 'fax') =>
    points.flatMap((point) => (point[kind] === undefined ? [] : [[point.where, point, point[kind]] as const]));
  test.each(happeningTo('call'))('%s: call', (__, point, expected) => meet(point, 'call', expected));
  test.each(happeningTo('fax'))('%s: fax', (__, point, expected) => meet(point, 'fax', expected));
});

const page = readFileSync('docs/troubleshooting.md', 'utf8');

/** Returns the failure that a point ends in, or undefined if the request succeeds. */
function failureOf({ where, call, fax, faxFailure }: FailurePoint): FailureCode | undefined {
  const answer = call ?? fax ?? '';
  if (isSuccess(answer)) return undefined;
  const code = faxFailure ?? failureCodes.find((each) => textsOf(each).includes(answer));
  if (code === undefined) throw new Error(`No failure is answered with the text of "${where}"`);
  return code;
}

/** The answers to a call for a code, with the details that the points have. */
const textsOf = (code: FailureCode): readonly string[] =>
  [{}, { retryAfterSeconds: 60 }, { upstreamCode: 'CMN-100' }].map((detail) =>
    failureText(new LegacyFailure(code, detail)),
  );

test.each(chapters)('the page lists the failure points by their failure: $title', ({ title, points }) => {
  const ends = Map.groupBy(points, failureOf);
  const wanted = [...ends].map(([code, those]) => {
    const causes = those.map(({ where, carriedOut }) =>
      code !== undefined && carriedOut === true ? `${where} (carried out)` : where,
    );
    return `- ${code === undefined ? 'success' : `[${code}](#${code})`}: ${causes.join('; ')}.`;
  });
  const written = section(page, title)
    .replaceAll(/\n +/g, ' ')
    .match(/^- .*$/gm);
  expect(written).toEqual(wanted);
});

test('the digit of each failure is the one that its points got', () => {
  // The points name the call's code. An uncertain call is an uncertain fax.
  const asFax = (code: FailureCode): FailureCode => (code === 'call_uncertain' ? 'fax_uncertain' : code);
  const missing: Partial<Record<FailureCode, FailureCode>> = {
    to_missing: 'recipient_missing',
    to_invalid: 'recipient_invalid',
  };
  for (const point of chapters.flatMap(({ points }) => points)) {
    const code = failureOf(point);
    if (code === undefined || point.fax === undefined) continue;
    expect([point.where, failureDigit(new LegacyFailure(missing[code] ?? asFax(code)))]).toEqual([
      point.where,
      point.fax,
    ]);
  }
});

describe('no answer of API Gateway itself reads as success', () => {
  const rows = section(page, 'In front of the function')
    .split('\n')
    .flatMap((line) => {
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

  test('the page names every type of answer', () => {
    const named = new Set(rows.flatMap(({ types }) => types));
    expect([...named].sort()).toEqual(
      Object.values(gatewayResponses.Resources)
        .map(({ Properties }) => Properties.ResponseType)
        .sort(),
    );
  });
});
