'use strict';
// One of many cold containers, as a thread with modules and memory of its own: loads the bundle, waits for the others,
// then answers its first event.
const { parentPort, workerData } = require('node:worker_threads');

process.stdout.write = () => true;
const { handler } = require(workerData.bundle);

async function answer() {
  const from = performance.now();
  const { body } = await handler(workerData.event, { getRemainingTimeInMillis: () => 28_000 });
  parentPort.postMessage({ ms: performance.now() - from, body }, []);
}

parentPort.once('message', () => void answer());
parentPort.postMessage('loaded', []);
