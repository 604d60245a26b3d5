'use strict';
// One of many cold containers, as a thread with modules and memory of its own: loads the bundle, waits for the others,
// then answers its first event.
const { parentPort, workerData } = require('node:worker_threads');

process.stdout.write = () => true;
const { handler } = require(workerData.bundle);

parentPort.once('message', async () => {
  const from = performance.now();
  const answer = await handler(workerData.event, { getRemainingTimeInMillis: () => 28_000 });
  parentPort.postMessage({ ms: performance.now() - from, body: answer.body });
});
parentPort.postMessage('loaded');
