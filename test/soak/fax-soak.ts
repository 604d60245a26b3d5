import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { askStandIn, standInAuthorization } from '../../infra/local/ask-stand-in.ts';
import { readServices, servicesFile, type LocalServices } from '../../infra/local/services-file.ts';
import type { Fault, FaultKind } from '../../infra/local/simulator/faults.ts';
import { usualMaximumPerPage } from '../../infra/local/simulator/paging.ts';
import type { Simulator } from '../../infra/local/simulator/server.ts';
import { startLocalStack, type LocalStack } from '../../infra/local/stack.ts';
import { asNumber, asObject } from '../../lib/domain/untrusted.ts';

/*
 * A burst of faxes through the whole local stack: the bundles, the gateway, the queue with its mapping, and
 * RingCentral's limits in a window of seconds. Meanwhile faults occur, another user faxes, and the same user makes
 * calls.
 */

export interface FaxSoakOptions {
  /** Faxes of one user, one after the other. */
  readonly faxes: number;
  /** Share of the faxes before which a fault is caused at RingCentral. */
  readonly faultShare: number;
  /** Seconds that replace the minute of RingCentral's limits. */
  readonly limitWindowSeconds: number;
  /** With outages, hangs, killed containers and a fax that always fails. Each delays the queue for up to a minute. */
  readonly isThorough: boolean;
  /** Called now and then with one line of readable progress. */
  readonly progress?: (line: string) => void;
}

export interface FaxSoakReport {
  readonly faxes: number;
  readonly otherFaxes: number;
  readonly calls: number;
  readonly seconds: number;
  /** Milliseconds within which half, and all, of the fax requests were answered. */
  readonly answerMs: { readonly p50: number; readonly max: number };
  /** The faults caused, and how often. */
  readonly faults: Readonly<Record<string, number>>;
  /** Requests that RingCentral's limits refused. */
  readonly refused: number;
  /** Faxes that failed so often that they were moved to the end of the queue. */
  readonly moved: number;
  /** Descriptions of everything that must not happen. */
  readonly violations: readonly string[];
}

const settleSeconds = 2;
const listLagMs = 300;

/** Without a new fax at RingCentral for this long, the queue is stuck. A killed container delays it for a minute. */
const stuckMs = 150_000;

/** A message of a killed container is delivered again after this time: the function's timeout, not minutes later. */
const visibilitySeconds = 61;

const faults: readonly (readonly [FaultKind, Fault])[] = [
  ['fax', { status: 503 }],
  ['fax', { status: 500, carriedOut: true }],
  ['fax', { status: 502, body: '<html>', contentType: 'text/html' }],
  ['fax', { status: 429, errorCode: 'CMN-304' }],
  ['fax', { status: 429, errorCode: 'CMN-304', carriedOut: true }],
  ['fax', 'reset-before'],
  ['fax', 'reset-after'],
  ['fax', 'truncated'],
  ['fax', 'not-json'],
  ['fax', { delayMs: 1500 }],
  ['fax', { status: 401 }],
];

/** Faults that delay the queue for longer, each once in a thorough soak. */
const slowTroubles = ['outage', 'hang', 'kill before', 'poison', 'hang before', 'kill after', 'outage'] as const;
type SlowTrouble = (typeof slowTroubles)[number];

/** Attempts without an answer after which a fax is moved to the end of the queue. */
const attemptsInPlace = 4;

const [burster, other] = ['101', '102'];

/** Sends the faxes. Checks every answer and the final contents of RingCentral, the bucket and the queue. */
export async function runFaxSoak(options: FaxSoakOptions): Promise<FaxSoakReport> {
  const { limitWindowSeconds } = options;
  const stack = await startLocalStack({
    port: 0,
    quiet: true,
    // With seconds for minutes, a list page of the demonstration's size would be full after a few of them.
    simulator: { rateLimitWindowSeconds: limitWindowSeconds, maximumPerPage: usualMaximumPerPage },
    warmContainers: 1,
    environment: { OUTBOX_SETTLE_SECONDS: String(settleSeconds), LOG_LEVEL: 'error' },
  });
  try {
    if (stack.simulator === undefined) throw new Error('the soak needs the simulator');
    return await soak(stack, stack.simulator, options);
  } finally {
    await stack.stop();
  }
}

async function soak(stack: LocalStack, simulator: Simulator, options: FaxSoakOptions): Promise<FaxSoakReport> {
  const { limitWindowSeconds, progress = () => {} } = options;
  const services = await servicesOf(stack);
  await sqs(services, 'SetQueueAttributes', { Attributes: { VisibilityTimeout: String(visibilitySeconds) } });
  simulator.setMessageList({ lagMs: listLagMs });

  const violations: string[] = [];
  const answerMs: number[] = [];
  const trouble = createTrouble(stack, simulator, limitWindowSeconds);
  const startedAt = performance.now();
  let otherFaxes = 1;
  // One concurrent fax of each user starts a container for each.
  const first = await Promise.all([burster, other].map((user) => sendFax(stack, user, documentText(user, 0))));
  violations.push(...first.filter((answer) => answer !== '0').map((answer) => `a first fax was answered ${answer}`));
  const over = new AbortController();
  let calls = 0;

  const burst = async (): Promise<void> => {
    const slow = options.isThorough ? [...slowTroubles] : [];
    const faultEvery = Math.max(1, Math.round(1 / options.faultShare));
    const slowEvery = slow.length === 0 ? Infinity : Math.ceil(options.faxes / (slow.length + 1));
    for (let index = 1; index < options.faxes; index += 1) {
      if (index % slowEvery === 0) trouble.slow(slow.shift());
      else if (index % faultEvery === 0) await trouble.brief();
      const sentAt = performance.now();
      const answer = await sendFax(stack, burster, documentText(burster, index));
      answerMs.push(performance.now() - sentAt);
      if (answer !== '0') violations.push(`fax ${index} was answered ${answer}`);
      if (index % 25 === 0) progress(`${index} faxes entered, ${simulator.faxes.length} at RingCentral`);
    }
  };

  /** Few enough for the limits, so that each has reached RingCentral when its program is answered. */
  const faxAsAnother = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await trouble.whileQuiet(async () => {
        const text = documentText(other, otherFaxes);
        otherFaxes += 1;
        const answer = await sendFax(stack, other, text);
        const isThere = simulator.faxes.some((fax) => textOf(fax) === text);
        if (answer !== '0' || !isThere) {
          violations.push(`another user's ${text}: ${answer}, ${isThere ? 'sent' : 'it has to wait'}`);
        }
      });
      await delay((limitWindowSeconds * 1000) / 3);
    }
  };

  /** Two per window, of the three requests that faxes leave for calls. */
  const callMeanwhile = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await trouble.whileConnected(async () => {
        calls += 1;
        const answer = await call(stack, burster, `650555${1000 + calls}`);
        if (!answer.startsWith('OK ')) violations.push(`call ${calls} was answered ${answer}`);
      });
      await delay((limitWindowSeconds * 1000) / 2);
    }
  };

  const others = [faxAsAnother(), callMeanwhile()];
  try {
    await burst();
    await emptied(services, simulator, progress);
  } catch (error) {
    violations.push(String(error));
  } finally {
    over.abort();
    await Promise.all(others);
  }
  await emptied(services, simulator, progress).catch((error: unknown) => violations.push(String(error)));
  const seconds = (performance.now() - startedAt) / 1000;

  const moved = movedTexts(simulator);
  violations.push(
    ...wrongAtRingCentral(simulator, burster, options.faxes, moved),
    ...wrongAtRingCentral(simulator, other, otherFaxes, new Set()),
    ...(await leftBehind(stack, services, options.faxes + otherFaxes)),
  );
  const refused = simulator.requests.filter(({ status, fault }) => status === 429 && fault === undefined).length;
  if (refused > 2) violations.push(`${refused} requests were answered 429`);
  if (simulator.unknownRequests.length > 0) violations.push('a request for a route that RingCentral does not have');
  answerMs.sort((a, b) => a - b);
  return {
    faxes: options.faxes,
    otherFaxes,
    calls,
    seconds,
    answerMs: { p50: Math.round(answerMs[answerMs.length >> 1] ?? 0), max: Math.round(answerMs.at(-1) ?? 0) },
    faults: trouble.counts(),
    refused,
    moved: moved.size,
    violations,
  };
}

/** Causes faults for the user with many faxes. The other user continues after each fault. */
function createTrouble(stack: LocalStack, simulator: Simulator, limitWindowSeconds: number) {
  const counts = new Map<string, number>();
  let armed = 0;
  /** The faxes of the other user that are under way. */
  let under = 0;
  let isOut = false;
  let isSlow = false;
  let next = 0;

  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const met = (): number =>
    simulator.requests.filter(({ kind, fault }) => kind === 'fax' && fault !== undefined).length;
  const isQuiet = (): boolean => !isSlow && met() === armed;
  const arm = (kind: FaultKind, fault: Fault, times = 1): void => {
    armed += times;
    simulator.failNext(kind, fault, times);
  };
  const accepted = async (more: number): Promise<void> => {
    const enough = simulator.faxes.length + more;
    await until(() => simulator.faxes.length >= enough);
  };

  async function strike(kind: SlowTrouble): Promise<void> {
    await until(() => under === 0 && met() === armed);
    switch (kind) {
      case 'outage':
        isOut = true;
        simulator.refuseConnections(limitWindowSeconds * 1000);
        // Connections that containers kept alive may be broken.
        await accepted(2);
        isOut = false;
        return;
      case 'hang':
      case 'hang before':
        arm('fax', kind === 'hang' ? 'hang' : 'hang-before');
        await accepted(2);
        return;
      case 'kill before':
      case 'kill after': {
        armed += 1;
        const hold = simulator.hold('fax', kind === 'kill before' ? 'request' : 'answer');
        await hold.reached;
        await stack.kill('send-fax');
        hold.release();
        await accepted(2);
        return;
      }
      case 'poison':
        arm('fax', { status: 503 }, attemptsInPlace);
        await accepted(2);
        return;
    }
  }

  return {
    /** Causes the next fault. Does nothing while an earlier one has not occurred yet. */
    async brief(): Promise<void> {
      await until(() => under === 0);
      if (!isQuiet()) return;
      const [kind, fault] = faults[next % faults.length] ?? ['fax', 'not-json'];
      next += 1;
      count(typeof fault === 'string' ? fault : JSON.stringify(fault));
      arm(kind, fault);
    },
    slow(kind: SlowTrouble | undefined): void {
      if (kind === undefined || isSlow) return;
      isSlow = true;
      count(kind);
      void strike(kind).finally(() => {
        isSlow = false;
      });
    },
    async whileQuiet(act: () => Promise<void>): Promise<void> {
      await until(isQuiet);
      under += 1;
      await act().finally(() => {
        under -= 1;
      });
    },
    async whileConnected(act: () => Promise<void>): Promise<void> {
      await until(() => !isOut);
      await act();
    },
    counts: () => Object.fromEntries(counts),
  };
}

async function until(isSo: () => boolean): Promise<void> {
  const endsAt = performance.now() + stuckMs;
  while (!isSo() && performance.now() < endsAt) await delay(50);
}

/** The text identifies the fax at RingCentral. */
const documentText = (extension: string, index: number): string => `fax ${index} of ${extension}`;
const textOf = ({ documents }: Simulator['faxes'][number]): string => documents[0]?.bytes.toString() ?? '';

async function sendFax({ baseUrl, demoUser }: LocalStack, extension: string, text: string): Promise<string> {
  const form = new FormData();
  const fields = { ...demoUser, Ext: extension, Recipient: '6505550123' };
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('Attachment', new Blob([text]), 'letter.txt');
  return (await fetch(`${baseUrl}/faxapi.asp`, { method: 'POST', body: form })).text();
}

async function call({ baseUrl, demoUser }: LocalStack, extension: string, to: string): Promise<string> {
  const { username = '', password = '' } = demoUser ?? {};
  const fields = { cmd: 'call', username, ext: extension, password, to, from: '6505551550' };
  return (await fetch(`${baseUrl}/ringout.asp?${new URLSearchParams(fields).toString()}`)).text();
}

async function servicesOf({ baseUrl }: LocalStack): Promise<LocalServices> {
  const services = readServices(await readFile(servicesFile(Number(new URL(baseUrl).port)), 'utf8'));
  if (services === undefined) throw new Error('the local stack does not tell of its services');
  return services;
}

const sqs = (services: LocalServices, operation: string, body: object, queueUrl = services.outboxQueueUrl) =>
  askStandIn(services.sqsUrl, { target: `AmazonSQS.${operation}`, body: { QueueUrl: queueUrl, ...body } });

async function messagesIn(services: LocalServices, queueUrl?: string): Promise<number> {
  const answer = asObject(await sqs(services, 'GetQueueAttributes', { AttributeNames: ['All'] }, queueUrl));
  const attributes = asObject(answer?.['Attributes']);
  return ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'].reduce(
    (sum, name) => sum + (asNumber(Number(attributes?.[name])) ?? 0),
    0,
  );
}

/** Resolves when the queue is empty. Throws when it is stuck. */
async function emptied(services: LocalServices, simulator: Simulator, progress: (line: string) => void): Promise<void> {
  let [seen, changedAt] = [simulator.faxes.length, performance.now()];
  for (let round = 1; ; round += 1) {
    const left = await messagesIn(services);
    if (left === 0) return;
    if (round % 20 === 0) progress(`${left} faxes wait, ${simulator.faxes.length} at RingCentral`);
    if (simulator.faxes.length > seen) [seen, changedAt] = [simulator.faxes.length, performance.now()];
    if (performance.now() - changedAt > stuckMs) throw new Error(`the queue is stuck with ${left} faxes`);
    await delay(500);
  }
}

/** Texts of the faxes with so many attempts that they were moved. */
function movedTexts({ requests }: Simulator): ReadonlySet<string> {
  const posts = new Map<string, number>();
  for (const { kind, body } of requests) {
    const part: unknown = kind === 'fax' && Array.isArray(body) ? asObject(body[1])?.['content'] : undefined;
    if (!(part instanceof Uint8Array)) continue;
    const text = Buffer.from(part).toString();
    posts.set(text, (posts.get(text) ?? 0) + 1);
  }
  return new Set([...posts].filter(([, times]) => times > attemptsInPlace).map(([text]) => text));
}

function wrongAtRingCentral(
  { faxes }: Simulator,
  extension: string,
  sent: number,
  moved: ReadonlySet<string>,
): readonly string[] {
  const texts = faxes.map(textOf).filter((text) => text.endsWith(` of ${extension}`));
  const times = new Map<string, number>();
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1);
  const expected = Array.from({ length: sent }, (_, index) => documentText(extension, index));
  const inPlace = texts.filter((text) => !moved.has(text));
  const inOrder = expected.filter((text) => !moved.has(text) && times.has(text));
  const firstWrong = inPlace.find((text, index) => text !== inOrder[index]);
  return [
    ...expected.filter((text) => !times.has(text)).map((text) => `lost: ${text}`),
    ...[...times].filter(([, count]) => count > 1).map(([text, count]) => `sent ${count} times: ${text}`),
    ...(firstWrong === undefined ? [] : [`out of order: ${firstWrong}`]),
  ];
}

/** Everything that should have been deleted, and faxes that did not end as sent. */
async function leftBehind(stack: LocalStack, services: LocalServices, faxes: number): Promise<readonly string[]> {
  const { counts } = (await (await fetch(`${stack.consoleUrl}/faxes`)).json()) as { counts: Record<string, number> };
  const objects = await fetch(`${services.s3Url}/${services.outboxBucket}?list-type=2`, {
    headers: { authorization: standInAuthorization },
  });
  const keys = (await objects.text()).match(/<Key>/g)?.length ?? 0;
  const dead = await messagesIn(services, services.outboxDeadLettersUrl);
  return [
    ...(counts['sent'] === faxes ? [] : [`${faxes} faxes ended as ${JSON.stringify(counts)}`]),
    ...(keys === 0 ? [] : [`${keys} documents are left in the bucket`]),
    ...(dead === 0 ? [] : [`${dead} dead letters`]),
  ];
}
