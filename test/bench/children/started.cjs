'use strict';
// A container that is started for a request, as in Lambda. It loads a bundle with a whole processor (the init phase)
// and joins a share of a processor, if there is one. It answers the event in a file, then the events of its parent.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const answerParent = require('./answer-parent.cjs');

const [, , folder, eventFile, procsFile] = process.argv;
const firstEvent = JSON.parse(readFileSync(eventFile, 'utf8'));
const context = { getRemainingTimeInMillis: () => 28_000 };

/** The module that Lambda's runtime would load. */
function entryOf() {
  const entry = path.join(folder, 'entry.mjs');
  return existsSync(entry) ? entry : path.join(folder, 'index.js');
}

async function begin() {
  const from = performance.now();
  const { handler } = await import(pathToFileURL(entryOf()).href);
  const initMs = performance.now() - from;
  if (procsFile !== undefined) writeFileSync(procsFile, String(process.pid));

  /** @param {object} event */
  async function serve(event) {
    const before = process.cpuUsage();
    const startedAt = performance.now();
    const answer = await handler(event, context);
    const ms = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(before);
    return { ms, processorMs: (user + system) / 1000, body: answer?.body };
  }

  const first = await serve(firstEvent);
  return { first: { ...first, initMs }, serve };
}

const begun = begin();
answerParent(async ({ event }) => {
  const { first, serve } = await begun;
  return event === undefined ? first : serve(event);
});
