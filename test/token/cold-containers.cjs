// Cold containers in a worker thread. A thread has a copy of every module for itself, and each container in it one of
// its own again, so that they share with each other only what they reach over the network. `load` makes them anew, any
// other message is an event that all of them serve at the same time.
const { parentPort, workerData } = require('node:worker_threads');

const { bundle, count } = workerData;
let handlers = [];

function loadAnew() {
  delete require.cache[bundle];
  return require(bundle).handler;
}

async function serve(handler, event) {
  const endsAtMs = performance.now() + 28_000;
  const { body } = await handler(event, { getRemainingTimeInMillis: () => endsAtMs - performance.now() });
  return body;
}

parentPort.on('message', async (message) => {
  if (message === 'load') {
    handlers = Array.from({ length: count }, loadAnew);
    parentPort.postMessage([], []);
  } else {
    parentPort.postMessage(await Promise.all(handlers.map((handler) => serve(handler, message))), []);
  }
});
