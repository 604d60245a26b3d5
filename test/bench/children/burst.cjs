'use strict';
// A burst: this many cold containers, all of which get their first event at the same moment.
const events = require('node:events');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const answerParent = require('./answer-parent.cjs');

answerParent(async ({ bundle, event, containers }) => {
  const workers = Array.from(
    { length: containers },
    () => new Worker(path.join(__dirname, 'burst-worker.cjs'), { workerData: { bundle, event } }),
  );
  await Promise.all(workers.map((worker) => events.once(worker, 'message')));
  const from = performance.now();
  const answers = workers.map((worker) => events.once(worker, 'message'));
  for (const worker of workers) worker.postMessage('go', []);
  const results = (await Promise.all(answers)).map(([result]) => result);
  const totalMs = performance.now() - from;
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { totalMs, ms: results.map(({ ms }) => ms), bodies: [...new Set(results.map(({ body }) => body))] };
});
