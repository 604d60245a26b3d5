import { once } from 'node:events';
import { connect } from 'node:net';
import { startLocalStack, type LocalStack } from '../../infra/local/stack.ts';
import { formType, httpRequest, query } from '../conformance/requests.ts';
import { send, sendInTurn } from '../conformance/wire.ts';
import { credentials } from '../demo.ts';

/*
 * The whole product with its bundles. Each container is a thread on one shared table. Clients send a request again as
 * the old libraries do.
 */

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ port: 0, quiet: true, noLimits: true });
});
beforeEach(() => stack.simulator?.reset());
afterAll(() => stack.stop());

const from = '6505553711';
const calls = (): number => stack.simulator?.calls.length ?? Number.NaN;

function post(to: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  return httpRequest(new URL(stack.baseUrl).host, {
    method: 'POST',
    target: '/ringout.asp',
    headers: { 'Content-Type': formType, ...headers },
    body: query({ cmd: 'call', ...credentials, To: to, From: from }),
  });
}

const answerTo = async (bytes: Buffer): Promise<string> => (await send(stack.baseUrl, bytes))?.body.toString() ?? '';

test('a POST that Java sends again because the connection died rings once', async () => {
  const { hostname, port } = new URL(stack.baseUrl);
  const held = stack.simulator?.hold('ring-out', 'answer', 1);
  const dying = connect(Number(port), hostname);
  dying.write(post('6505550141', { 'User-Agent': 'Java/1.8.0_292' }));
  await held?.reached;
  dying.destroy();
  await once(dying, 'close');
  const again = answerTo(post('6505550141', { 'User-Agent': 'Java/1.8.0_292' }));
  held?.release();
  expect(await again).toMatch(/^OK [1-9]\d{8} 3$/);
  expect(calls()).toBe(1);
});

test('eight equal concurrent requests, as from a double click and a proxy, ring once and get one answer', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => answerTo(post('6505550142'))));
  expect(new Set(answers)).toEqual(new Set([expect.stringMatching(/^OK [1-9]\d{8} 3$/)]));
  expect(new Set(answers).size).toBe(1);
  expect(calls()).toBe(1);
});

test('the same GET again over one connection, as libcurl sends it, rings once', async () => {
  const { host } = new URL(stack.baseUrl);
  const target = `/ringout.asp?${query({ cmd: 'call', ...credentials, To: '6505550143', From: from })}`;
  const request = httpRequest(host, { target, headers: { Connection: 'keep-alive' } }).toString('latin1');
  const [first, second] = await sendInTurn(stack.baseUrl, [request, request]);
  expect(first?.body.toString()).toMatch(/^OK [1-9]\d{8} 3$/);
  expect(second?.body.toString()).toBe(first?.body.toString());
  expect(calls()).toBe(1);
});
