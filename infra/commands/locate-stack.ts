import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { locate } from './locate-stack/locate.ts';

const usage = `Usage: npm run --silent dev:locate-stack < text

Reads a logged stack, or any text with places such as list/index.js:1:2345, and prints it with the places in
the sources. The maps in dist/maps must be those of the version that is deployed: check it out and bundle it.`;

if (process.argv.includes('--help') || process.stdin.isTTY) {
  console.log(usage);
} else {
  process.stdout.write(locate(readFileSync(0, 'utf8'), join(import.meta.dirname, '../../dist/maps')));
}
