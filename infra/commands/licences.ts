import { join } from 'node:path';
import { runLicences } from './licences/run.ts';

process.exitCode = runLicences(join(import.meta.dirname, '../..'), process.argv.slice(2), {
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
});
