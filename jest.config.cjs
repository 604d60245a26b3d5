const { join } = require('node:path');

// Many tests run a program of the project in a process of its own: each compiles what it loads once, not every time.
process.env.NODE_COMPILE_CACHE ??= join(__dirname, 'node_modules/.cache/node-compile');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/node-environment.cjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '\\.[cm]?[jt]s$': '<rootDir>/test/esbuild-transform.cjs' },
  // middy and fauxqs ship ES modules only: they are found past their export maps and transformed like our own code.
  moduleNameMapper: {
    '^@middy/(core|util)$': '<rootDir>/node_modules/@middy/$1/index.js',
    '^fauxqs$': '<rootDir>/node_modules/fauxqs/dist/app.js',
  },
  transformIgnorePatterns: ['/node_modules/(?!@middy/|fauxqs/)'],
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json'],
  watchman: false,
  maxWorkers: 2,
  // A machine with two cores and other work to do may need longer than jest's five seconds for real sockets.
  testTimeout: 30_000,
  // Nor does it always end a worker within jest's half second. One that something keeps alive is still told of, later.
  workerGracefulExitTimeout: 10_000,
};
