// @ts-check
// One Lambda container: a bundle in a thread of its own, with the environment of the function and nothing else. Between two
// invocations the thread stands still, as a frozen container does: no timer fires and no socket is read.
//
// CommonJS, because a thread starts twice as fast with it as with TypeScript.
'use strict';

const { parentPort, receiveMessageOnPort, workerData } = require('node:worker_threads');

/** @typedef {(event: unknown, context: unknown) => unknown} Handler */

/** @type {import('./container.ts').ContainerData} */
const { bundle, functionName, memoryMb, bell } = workerData;

/** @param {import('./container.ts').FromThread} message */
const send = (message) => parentPort?.postMessage(message);

// A thread's own streams wait for the main thread, so that a frozen one would keep back its last lines.
for (const stream of /** @type {const} */ (['stdout', 'stderr'])) {
  process[stream].write = (chunk) => {
    send({ stream, text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
    return true;
  };
}

try {
  /** @type {{ readonly handler: Handler }} */
  const { handler } = require(bundle);
  send({ loaded: true });
  // In a microtask, as Lambda's runtime asks for the first event: what the bundle does in its first one is done.
  queueMicrotask(() => void serve(handler));
} catch (error) {
  send({ failure: stackOf(error) });
}

/**
 * Serves one invocation after the other, for ever.
 *
 * @param {Handler} handler
 */
async function serve(handler) {
  for (;;) {
    const { event, requestId, deadlineMs } = nextInvocation();
    const context = {
      functionName,
      functionVersion: '$LATEST',
      memoryLimitInMB: String(memoryMb),
      awsRequestId: requestId,
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    };
    try {
      send({ answer: JSON.stringify(await handler(JSON.parse(event), context)) });
    } catch (error) {
      send({ failure: stackOf(error) });
    }
  }
}

/**
 * Stands still until there is one.
 *
 * @returns {import('./container.ts').Invocation}
 */
function nextInvocation() {
  for (;;) {
    const rung = Atomics.load(bell, 0);
    const received = parentPort === null ? undefined : receiveMessageOnPort(parentPort);
    if (received !== undefined) return received.message;
    // Returns at once if it has been rung since.
    Atomics.wait(bell, 0, rung);
  }
}

/** @param {unknown} error */
function stackOf(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
