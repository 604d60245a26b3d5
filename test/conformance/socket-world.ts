import { generousLimits } from '../../infra/local/simulator/rate-limit.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoRecordsPerPage } from '../../infra/local/demo.ts';
import { startSimulator, type Simulator } from '../../infra/local/simulator/server.ts';
import { startLocalStack } from '../../infra/local/stack.ts';
import { demoClient, secretDocument } from '../demo.ts';
import { httpRequest, type RequestParts } from './requests.ts';
import { elsewhere, worldUsers } from './users.ts';
import { send, type WireAnswer } from './wire.ts';
import { expectations, type SeenAnswer, type World } from './world.ts';

/*
 * The bundles behind the local gateway, with a simulator that has a user of every kind. CONFORMANCE_BASE_URL names a
 * deployment to test instead, with the user of CONFORMANCE_USERNAME, CONFORMANCE_EXT and CONFORMANCE_PASSWORD. A
 * deployment gets no request that rings a phone or sends a fax.
 */

/** A product that tests reach over sockets. */
export interface SocketWorld extends World {
  readonly baseUrl: string;
  /** The value of the Host header. */
  readonly host: string;
  /** Sends a request. Returns the whole answer. */
  askWhole(parts: RequestParts): Promise<WireAnswer>;
}

/** The golden cases repeat the same call and fax, and each one has to be placed. */
const repeatsAreOthers = { REPEAT_CALL_SECONDS: '0', REPEAT_FAX_SECONDS: '0' };

/** Starts the product, unless CONFORMANCE_BASE_URL names a deployment. */
export async function openSocketWorld(): Promise<SocketWorld> {
  if (elsewhere !== undefined) return worldAt(elsewhere, undefined, () => Promise.resolve());
  const folder = await mkdtemp(join(tmpdir(), 'ringout-bridge-'));
  // The clock moves only when a test moves it, so that no call progresses because the computer is slow.
  const startedAtMs = Date.now();
  const simulator = await startSimulator({
    ...demoClient,
    users: worldUsers,
    maximumPerPage: demoRecordsPerPage,
    rateLimits: generousLimits,
    clock: { nowMs: () => startedAtMs },
  });
  const secretFile = join(folder, 'secret.json');
  await writeFile(secretFile, JSON.stringify(secretDocument(simulator.url, worldUsers)));
  try {
    const stack = await startLocalStack({ port: 0, quiet: true, secretFile, environment: repeatsAreOthers });
    return worldAt(stack.baseUrl, simulator, async () => {
      await stack.stop();
      await simulator.close();
      await rm(folder, { recursive: true });
    });
  } catch (error) {
    await simulator.close();
    throw error;
  }
}

function worldAt(baseUrl: string, simulator: Simulator | undefined, close: () => Promise<void>): SocketWorld {
  const { host } = new URL(baseUrl);
  const askWhole = async (parts: RequestParts): Promise<WireAnswer> => {
    const answer = await send(baseUrl, httpRequest(host, parts));
    if (answer === undefined) throw new Error('no answer');
    return answer;
  };
  return {
    baseUrl,
    host,
    get simulator() {
      if (simulator === undefined) throw new Error('a deployment has no simulator: use localTest');
      return simulator;
    },
    ask: async (parts) => seen(await askWhole(typeof parts === 'string' ? { target: parts } : parts)),
    askWhole,
    forget: () => simulator?.reset(),
    ...expectations(simulator),
    close,
  };
}

export function seen({ status, headers, body }: WireAnswer): SeenAnswer {
  return { status, type: headers.get('content-type'), text: body.toString('utf8') };
}
