import { join } from 'node:path';
import { run } from './licences/run.ts';

process.exitCode = run(join(import.meta.dirname, '../..'), process.argv.slice(2), {
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
});
