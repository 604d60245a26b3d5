'use strict';
// One warm container: a deployed bundle whose events are timed. Node's diagnostics of HTTP requests give the time it
// waits for DynamoDB and Secrets Manager, without a change to the bundle. Plain CommonJS, so that this process contains
// only Node and the bundle.
const { subscribe } = require('node:diagnostics_channel');
const answerParent = require('./answer-parent.cjs');

const startedAt = new WeakMap();
let awsMs = 0;
subscribe('http.client.request.created', ({ request }) => {
  if (request.hasHeader('x-amz-target')) startedAt.set(request, performance.now());
});
subscribe('http.client.response.finish', ({ request }) => {
  awsMs += performance.now() - (startedAt.get(request) ?? performance.now());
});

const { handler } = require(process.argv[2]);
const context = { getRemainingTimeInMillis: () => 28_000 };
let kept;

answerParent(async ({ event, keep }) => {
  if (keep) {
    kept = event;
    return undefined;
  }
  awsMs = 0;
  const from = performance.now();
  const answer = await handler(event ?? kept, context);
  const ms = performance.now() - from;
  return { ms, awsMs, body: answer?.body };
});
