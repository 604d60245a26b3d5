'use strict';
// Memory and time of one invocation in a container that has served others before. Only Linux reports the peak since a
// chosen moment (proc(5), clear_refs). Elsewhere the figure is left out.
const { readFileSync, writeFileSync } = require('node:fs');
const answerParent = require('./answer-parent.cjs');

const { handler } = require(process.argv[2]);

/** @param {string} name a line of /proc/self/status in kB */
function statusBytes(name) {
  const line = readFileSync('/proc/self/status', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(name));
  return Number(/\d+/.exec(line ?? '')?.[0]) * 1024;
}

function measurePeak() {
  if (process.platform !== 'linux') return () => undefined;
  const idleBytes = statusBytes('VmRSS');
  writeFileSync('/proc/self/clear_refs', '5');
  return () => statusBytes('VmHWM') - idleBytes;
}

answerParent(async ({ event: json, remainingMs }) => {
  // Not measured, because Lambda's runtime creates the event.
  const event = JSON.parse(json);
  globalThis.gc?.();
  const peakBytes = measurePeak();
  const from = performance.now();
  const answer = await handler(event, { getRemainingTimeInMillis: () => remainingMs });
  const ms = performance.now() - from;
  return { ms, peakBytes: peakBytes(), answer };
});
