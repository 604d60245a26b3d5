'use strict';
// A cold container: loads a bundle (none: an empty process) and, when handed an event, answers it. Prints when it was
// ready and when it had answered, in milliseconds since the process began.
const { readFileSync, writeSync } = require('node:fs');

const [, , bundle, eventFile] = process.argv;
const startedMs = performance.now();
const loaded = bundle === undefined ? {} : require(bundle);
const loadedMs = performance.now();

/** @param {object} extra */
function finish(extra = {}) {
  writeSync(3, JSON.stringify({ startedMs, loadedMs, ...extra }));
  process.exit(0);
}

if (eventFile === undefined) finish();
else {
  const event = JSON.parse(readFileSync(eventFile, 'utf8'));
  // Lambda's runtime asks for the first event in a later turn of the event loop as well.
  setImmediate(async () => {
    const answer = await loaded.handler(event, { getRemainingTimeInMillis: () => 28_000 });
    finish({ answeredMs: performance.now(), body: answer?.body });
  });
}
