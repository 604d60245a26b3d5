import { resolve } from 'node:path';

/**
 * Mutation testing of one area. Stryker changes the source in one place at a time and runs the tests that reach it. A
 * change that fails no test is a surviving mutant. Each area has its own tests, none of which starts a process, so that
 * a mutant takes seconds.
 *
 * @param {{ name: string, mutate: string[], tests: string[], related?: boolean }} area `related`: run only tests that
 *   import the mutated file, as far as jest sees that; it does not look through folders other than the file's own
 * @returns {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export function mutationArea({ name, mutate, tests, related = true }) {
  return {
    mutate,
    testRunner: 'jest',
    plugins: ['@stryker-mutator/jest-runner'],
    jest: {
      configFile: 'jest.config.cjs',
      config: {
        testMatch: tests.map((pattern) => `<rootDir>/${pattern}`),
        // Stryker wraps the environment to record which test reaches which mutant. It does not expand <rootDir>.
        testEnvironment: resolve('test/mutation/environment.cjs'),
        testSequencer: '<rootDir>/test/mutation/quick-files-first.cjs',
      },
      enableFindRelatedTests: related,
    },
    coverageAnalysis: 'perTest',
    concurrency: 2,
    // Stryker rewrites tsconfig.json through the API of a TypeScript before 7; esbuild does not read it here.
    ignorePatterns: ['tsconfig.json', 'dist', '.serverless', 'coverage', 'reports'],
    tempDirName: '.stryker-tmp',
    reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    jsonReporter: { fileName: `reports/mutation/${name}.json` },
    htmlReporter: { fileName: `reports/mutation/${name}.html` },
  };
}
