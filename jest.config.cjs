const { join } = require('node:path');

// Caches compiled modules on disk, because many tests start a program of the project as a separate process.
process.env.NODE_COMPILE_CACHE ??= join(__dirname, 'node_modules/.cache/node-compile');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/node-environment.cjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '\\.[cm]?[jt]s$': '<rootDir>/test/esbuild-transform.cjs' },
  // middy and fauxqs ship only ES modules. These paths bypass their export maps, and jest transforms the files.
  moduleNameMapper: {
    '^@middy/(core|util)$': '<rootDir>/node_modules/@middy/$1/index.js',
    '^fauxqs$': '<rootDir>/node_modules/fauxqs/dist/app.js',
  },
  transformIgnorePatterns: ['/node_modules/(?!@middy/|fauxqs/)'],
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json'],
  watchman: false,
  // Three on two cores: much of the suite waits for processes, sockets and a browser.
  maxWorkers: 3,
  // jest's default of 5 s is too short for tests with real sockets on a busy machine with two cores.
  testTimeout: 120_000,
  // jest's default of 0.5 s is too short there too. jest still reports a worker that does not exit, only later.
  workerGracefulExitTimeout: 10_000,
};
