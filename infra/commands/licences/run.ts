import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages, type Metafile } from './bundled-packages.ts';
import { markdownTable, unknownLicences, withTable } from './licence-table.ts';

const help = `npm run dev:licences: the licence of every package that is in the bundles

  npm run bundle && npm run dev:licences            print the table; fails on a licence that is not known
  npm run dev:licences -- --write                   also write the table into docs/dev/supply-chain.md
  npm run dev:licences -- --json                    print JSON
  npm run dev:licences -- --help                    this text

It reads dist/meta.json, which "npm run bundle" writes, and so lists what is deployed rather than what is installed.
Exit status: 0 every licence is known, 1 one is not or there are no bundles, 2 wrong usage.`;

const options = new Set(['--write', '--json', '--help']);

/** The output streams: one for results, one for complaints. */
export interface Output {
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/**
 * Runs `npm run dev:licences` with these arguments for the project in `folder`. Returns the exit code. Throws if a
 * package or the page cannot be read, or lacks the expected parts.
 */
export function runLicences(folder: string, args: readonly string[], { print, complain }: Output): 0 | 1 | 2 {
  const unknownOption = args.find((arg) => !options.has(arg));
  if (unknownOption !== undefined) {
    complain(`There is no ${unknownOption}; see npm run dev:licences -- --help`);
    return 2;
  }
  if (args.includes('--help')) {
    print(help);
    return 0;
  }
  const metafile = join(folder, 'dist/meta.json');
  if (!existsSync(metafile)) {
    complain('There is no dist/meta.json; run "npm run bundle" first.');
    return 1;
  }
  const packages = bundledPackages(JSON.parse(readFileSync(metafile, 'utf8')) as Metafile, folder);
  const table = markdownTable(packages);
  print(args.includes('--json') ? JSON.stringify(packages, undefined, 2) : table.join('\n'));

  const unknown = unknownLicences(packages);
  for (const { name, version, licence } of unknown) {
    complain(
      `${name} ${version}: ${licence === undefined ? 'no licence declared' : `licence ${licence} is not known`}. ` +
        'Read it, then add it to infra/commands/licences/licence-table.ts or leave the package out.',
    );
  }
  if (args.includes('--write')) {
    const document = join(folder, 'docs/dev/supply-chain.md');
    writeFileSync(document, withTable(readFileSync(document, 'utf8'), table));
  }
  return unknown.length === 0 ? 0 : 1;
}
