import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionName } from '../../../infra/functions.ts';
import { startContainer } from '../../../infra/local/container.ts';
import { createLambda, type Lambda } from '../../../infra/local/lambda.ts';
import { closer, listen } from '../../../infra/local/listen.ts';

/*
 * Functions that replace the bundles. `threadId` names the container of an answer, and `served` counts the requests of
 * that container.
 */
const bundles: Partial<Record<FunctionName, string>> = {
  // Answers with its container and its input, when `meetAt` has answered and after `ms`.
  ringout: `
    const { threadId } = require('node:worker_threads');
    let served = 0;
    exports.handler = async (event, context) => {
      served += 1;
      if (event.meetAt !== undefined) await fetch(event.meetAt);
      await new Promise((resolve) => setTimeout(resolve, event.ms ?? 0));
      return { threadId, served, name: context.functionName, leftMs: context.getRemainingTimeInMillis(), event };
    };`,
  // Starts a timer that counts on unless the container is frozen.
  status: `
    let ticks = 0;
    setInterval(() => { ticks += 1; }, 1);
    exports.handler = async () => ticks;`,
  list: `exports.handler = async () => ({ environment: process.env });`,
  call: `exports.handler = async (event) => { throw new Error(event.secret ?? 'a bug'); };`,
  cancel: `exports.handler = async () => process.exit(3);`,
  fax: `throw new Error('cannot be loaded');`,
  'catch-all': `
    exports.handler = async () => {
      process.stdout.write('{"level":"info"}\\n');
      console.error('one\\ntwo');
      return undefined;
    };`,
};

let distDir: string;
let lambda: Lambda;
let lines: string[];

beforeAll(() => {
  distDir = mkdtempSync(join(tmpdir(), 'ringout-bridge-lambda-'));
  writeFileSync(join(distDir, 'package.json'), '{ "type": "commonjs" }\n');
  for (const [name, source] of Object.entries(bundles)) {
    mkdirSync(join(distDir, name));
    writeFileSync(join(distDir, name, 'index.js'), source);
  }
});
afterAll(() => rmSync(distDir, { recursive: true }));

beforeEach(() => {
  lines = [];
  lambda = createLambda({
    distDir,
    environment: { STATE_TABLE: 'demo', AWS_REGION: 'us-east-1' },
    onLine: (line, stream) => lines.push(`${stream}: ${line}`),
  });
});
afterEach(() => lambda.stop());

const ask = (name: FunctionName, event: object = {}): Promise<unknown> => lambda.invoke(name, JSON.stringify(event));
const threadsOf = (answers: readonly unknown[]): number =>
  new Set(answers.map((answer) => (answer as { threadId: number }).threadId)).size;

test('a function gets the event, its name and its remaining time', async () => {
  expect(await ask('ringout', { a: 'ü' })).toMatchObject({ name: 'ringout', event: { a: 'ü' } });
  const { leftMs } = (await ask('ringout')) as { leftMs: number };
  expect(leftMs).toBeGreaterThan(20_000);
  expect(leftMs).toBeLessThanOrEqual(28_000);
});

test('sequential requests are served by one container', async () => {
  const answers = [await ask('ringout'), await ask('ringout'), await ask('ringout')];
  expect(threadsOf(answers)).toBe(1);
  expect(answers.map((answer) => (answer as { served: number }).served)).toEqual([1, 2, 3]);
});

test('concurrent requests get a container each, and later requests reuse these', async () => {
  // Answers no request before four have arrived.
  let here: ServerResponse[] = [];
  const meeting = createServer((_request, response) => {
    here.push(response);
    if (here.length < 4) return;
    for (const each of here) each.end();
    here = [];
  });
  const close = closer(meeting);
  const meetAt = `http://127.0.0.1:${await listen(meeting, 0)}`;
  const atOnce = () => Promise.all(Array.from({ length: 4 }, () => ask('ringout', { meetAt })));
  const first = await atOnce();
  expect(threadsOf(first)).toBe(4);
  expect(threadsOf([...first, ...(await atOnce())])).toBe(4);
  await close();
});

test('containers that are started ahead have served no request', async () => {
  await lambda.warm('ringout', 2);
  const answers = await Promise.all([ask('ringout'), ask('ringout')]);
  expect(answers.map((answer) => (answer as { served: number }).served)).toEqual([1, 1]);
});

test('a container is frozen between two requests', async () => {
  const before = await ask('status');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(Number(await ask('status')) - Number(before)).toBeLessThan(10);
});

test('the environment has the given variables and those of Lambda, and none of this process', async () => {
  expect(await ask('list')).toEqual({
    environment: {
      STATE_TABLE: 'demo',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'list',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    },
  });
});

test('printed lines arrive whole, also the last ones of a function', async () => {
  expect(await ask('catch-all')).toBeUndefined();
  expect(lines).toEqual(['stdout: {"level":"info"}', 'stderr: one', 'stderr: two']);
});

test('a function that throws fails its request, and the error is printed', async () => {
  await expect(ask('call')).rejects.toThrow('a bug');
  await expect(ask('call')).rejects.toThrow('a bug');
  expect(lines[0]).toMatch(/^stderr: call: Error: a bug/);
});

test('a function that ends its process fails its request, and a new container serves the next', async () => {
  await expect(ask('cancel')).rejects.toThrow('cancel: the container ended by itself');
  await expect(ask('cancel')).rejects.toThrow('cancel: the container ended by itself');
});

test('a container that is killed fails its request, and a new one serves the next', async () => {
  await lambda.warm('ringout', 1);
  const served = ask('ringout', { ms: 60_000 });
  expect(await lambda.kill('ringout')).toBe(1);
  await expect(served).rejects.toThrow('ringout: stopped');
  expect(await ask('ringout')).toMatchObject({ served: 1 });
  expect(await lambda.kill('ringout')).toBe(0);
});

test('a function that cannot be loaded fails its requests', async () => {
  await expect(ask('fax')).rejects.toThrow('cannot be loaded');
  await expect(Promise.all([ask('fax'), ask('fax')])).rejects.toThrow('cannot be loaded');
});

test('a missing function fails its requests', async () => {
  await expect(ask('refresh-token')).rejects.toThrow('Cannot find module');
});

test('a request that runs longer than the time-out fails and ends its container', async () => {
  const container = await startContainer({
    bundle: join(distDir, 'ringout/index.js'),
    functionName: 'ringout',
    memoryMb: 256,
    timeoutSeconds: 0.1,
    environment: {},
    onText: () => {},
  });
  await expect(container.invoke('{"ms":60000}')).rejects.toThrow('ringout: Task timed out after 0.10 seconds');
  expect(container.isAlive).toBe(false);
});

test('stopping rejects the requests that run or wait for a container', async () => {
  await ask('ringout');
  const running = [ask('ringout', { ms: 60_000 }), ask('ringout'), ask('ringout')];
  const outcomes = Promise.allSettled(running);
  await lambda.stop();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});
