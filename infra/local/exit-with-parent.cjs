// Loaded into the emulator with --require: ends it when its standard input closes, which the operating system does
// for us when the parent dies, even by SIGKILL. Without it a killed parent would leave the emulator behind.
'use strict';

const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  process.stdin.resume();
  process.stdin.once('end', () => process.exit(1));
  process.stdin.once('error', () => process.exit(1));
  process.stdin.unref?.();
}
