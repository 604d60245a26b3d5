'use strict';
// A cold container: loads a bundle (none: an empty process) and ends, or first warms up (`warm`), or first answers the
// event in a file. Prints the time of each step, in milliseconds since the process began.
const { readFileSync, writeSync } = require('node:fs');

const [, , bundle, goal] = process.argv;
const startedMs = performance.now();
const loaded = bundle === undefined ? {} : require(bundle);
const loadedMs = performance.now();

/** @param {object} [extra] */
function finish(extra) {
  writeSync(3, JSON.stringify({ startedMs, loadedMs, ...extra }));
  process.exit(0);
}

/** @param {object} event */
async function answer(event) {
  const answered = await loaded.handler(event, { getRemainingTimeInMillis: () => 28_000 });
  finish({ answeredMs: performance.now(), body: answered?.body });
}

// Lambda's runtime also requests the first event in a later turn of the event loop.
if (goal === undefined) finish();
else if (goal === 'warm') setImmediate(finish);
else setImmediate(() => void answer(JSON.parse(readFileSync(goal, 'utf8'))));
