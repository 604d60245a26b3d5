// @ts-check
// One Lambda container: a bundle in its own thread, with only the function's environment. Between two invocations the
// thread blocks like a frozen container: no timer fires and no socket is read.
//
// CommonJS, because a thread starts twice as fast with it as with TypeScript.
'use strict';

const { parentPort, receiveMessageOnPort, workerData } = require('node:worker_threads');

/** @typedef {(event: unknown, context: unknown) => unknown} Handler */

/** @type {import('./container.ts').ContainerData} */
const { bundle, functionName, memoryMb, bell } = workerData;

/** @param {import('./container.ts').FromThread} message */
const send = (message) => parentPort?.postMessage(message);

// A thread's own streams depend on the main thread, so a frozen thread would not flush its last lines.
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
  // Starts in a microtask because Lambda's runtime also requests the first event in one. The bundle's first microtask
  // has run by then.
  queueMicrotask(() => void serve(handler));
} catch (error) {
  send({ failure: stackOf(error) });
}

/**
 * Serves invocations in sequence, without end.
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
 * Blocks until there is an invocation.
 *
 * @returns {import('./container.ts').Invocation}
 */
function nextInvocation() {
  for (;;) {
    const rung = Atomics.load(bell, 0);
    const received = parentPort === null ? undefined : receiveMessageOnPort(parentPort);
    if (received !== undefined) return received.message;
    // Returns at once if the counter has changed since the load above.
    Atomics.wait(bell, 0, rung);
  }
}

/** @param {unknown} error */
function stackOf(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
