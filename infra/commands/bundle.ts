import { join } from 'node:path';
import { budget, bundle, overBudget, type Bundle } from '../bundle.ts';

const usage = `Usage: npm run bundle [-- --check]

Bundles functions/*.ts into dist/<name>/index.js and prints their sizes.

  --check   fail if a bundle is larger than infra/bundle-budget.json allows
  --help    this text`;

/** One line per bundle with name, size and limit. 1 KB is 1,000 bytes. */
function table(bundles: readonly Bundle[]): string {
  const number = (bytes: number): string => bytes.toLocaleString('en-US').padStart(9);
  return bundles
    .map(({ name, bytes }) => {
      const limit = budget[name];
      const verdict = limit === undefined ? 'no limit set' : bytes <= limit ? 'ok' : 'TOO LARGE';
      return `${name.padEnd(14)}${number(bytes)} of ${limit === undefined ? '        -' : number(limit)} bytes  ${verdict}`;
    })
    .join('\n');
}

/** Returns the exit status, 1 when --check finds a bundle over budget. Throws when the build fails. */
async function main(args: readonly string[]): Promise<number> {
  // Without this check, a misspelled --check would skip the check silently.
  const unknown = args.find((arg) => !['--check', '--help'].includes(arg));
  if (unknown !== undefined) throw new Error(`Unknown argument ${unknown}.\n\n${usage}`);
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  const bundles = await bundle(join(import.meta.dirname, '../..'));
  console.log(table(bundles));
  const tooLarge = overBudget(bundles);
  if (!args.includes('--check') || tooLarge.length === 0) return 0;
  console.error(
    `\nOver budget: ${tooLarge.join(', ')}. See what grew in dist/meta.json (https://esbuild.github.io/analyze/).`,
  );
  return 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // esbuild has already printed the errors in the source.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
