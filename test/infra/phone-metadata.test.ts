import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import examples from 'libphonenumber-js/examples.mobile.json';
import metadata from 'libphonenumber-js/metadata.min.json';
import { printNumber, readNumber } from '../../lib/legacy/phone-number.ts';
import { plugins, withoutFormats } from '../../infra/bundle-stand-ins.ts';

const nationalNumbers: Readonly<Record<string, string>> = examples;
const countries = Object.keys(nationalNumbers);
const homes = ['US', 'CA', 'GB', 'DE', 'FR', 'IT', 'AR', 'MX', 'BR', 'AU', 'JP', 'RU', 'KZ', 'SG'];

let bundled: { readNumber: typeof readNumber; printNumber: typeof printNumber };
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-phone-'));
  const outfile = join(folder, 'phone-number.cjs');
  const entryPoints = [join(import.meta.dirname, '../../lib/legacy/phone-number.ts')];
  await build({
    entryPoints,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    plugins: [...plugins],
  });
  bundled = createRequire(import.meta.url)(outfile) as typeof bundled;
});

// The library throws for each text that is not a number. jest sets the stack to a hundred lines, which is slow.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
  rmSync(folder, { recursive: true, force: true });
});

test('the bundled metadata is less than half as large as the published', () => {
  expect(JSON.stringify(withoutFormats(metadata)).length).toBeLessThan(JSON.stringify(metadata).length / 2);
});

// The fallback of printNumber is the number as it is dialled in the home country, with or without its trunk prefix.
// Only that prefix comes from the formats.
test.each(countries)(
  'numbers of %s are read the same with the bundled metadata, and printed so that they read back',
  (country) => {
    const example = nationalNumbers[country] ?? '';
    const mistakes: unknown[] = [];
    const numbers = new Set<NonNullable<ReturnType<typeof readNumber>>>();
    for (const text of [example, `0${example}`, `1${example}`, example.slice(1), `${example}5`]) {
      const number = readNumber(text, country);
      if (bundled.readNumber(text, country) !== number) mistakes.push({ text, number });
      if (number !== undefined) numbers.add(number);
    }
    for (const number of numbers) {
      for (const home of [country, ...homes]) {
        const printed = bundled.printNumber(number, home);
        if (readNumber(printed, home) !== number) mistakes.push({ number, home, printed });
        const usual = printNumber(number, home);
        if (printed.replace(/^0/, '') !== usual.replace(/^0/, '')) mistakes.push({ number, home, printed, usual });
      }
    }
    // One assertion, because thirty thousand take longer than the library itself.
    expect(mistakes).toEqual([]);
  },
);

/** Numbers of many countries as they are dialled at home and abroad, and texts that are not numbers. */
const texts = [
  ...countries
    .filter((_, index) => index % 20 === 0)
    .flatMap((country) => {
      const example = nationalNumbers[country] ?? '';
      return [example, `0${example}`, `00${example}`, `011${example}`, `+${example}`];
    }),
  '8889363711',
  '18889363711',
  '+1 (888) 936-3711',
  '011442071838750',
  '12345',
];

test.each(countries)('for a user in %s, the bundled library reads every text like the published one', (home) => {
  expect(texts.map((text) => bundled.readNumber(text, home))).toEqual(texts.map((text) => readNumber(text, home)));
});

test('metadata of another version is refused, because its formats may be elsewhere', () => {
  expect(() => withoutFormats({ ...metadata, version: 5 })).toThrow('metadata of version 5');
});
