// Cold containers in a worker thread. Each container loads its own copy of every module, so that containers share only
// what they reach over the network. The message `load` creates them again. Any other message is an event that all of
// them serve at the same time.
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
