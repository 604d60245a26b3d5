import { regionOf } from '../aws/deployment-name.ts';
import type { Section } from '../report/check.ts';
import { exitCode, renderJson, renderTable } from '../report/report.ts';
import { localUrl } from '../local-stack/local-services.ts';
import { explain } from '../command-line/command-line.ts';
import { help, readArguments, type DoctorOptions } from './arguments.ts';
import { checkDeployment } from './deployment.ts';
import { checkFiles } from './files.ts';
import { checkLocal } from './local.ts';
import type { World } from '../world/world.ts';

/** The exit code after Ctrl-C. */
const interrupted = 130;

/** Runs `npm run doctor` with these arguments. Resolves with the exit code. */
export async function runDoctor(args: readonly string[], world: World): Promise<number> {
  const read = readArguments(args);
  if (read.kind !== 'run') {
    return explain(read, {
      command: 'doctor',
      help,
      print: (text) => world.print(text),
      complain: (text) => world.progress(text),
    });
  }
  const sections = await examine(read.options, world);
  if (world.ringCentral.signal.aborted) {
    world.progress('Stopped; the tokens of the doctor are revoked.');
    return interrupted;
  }
  world.print(read.options.json ? renderJson(sections) : renderTable(sections));
  return exitCode(sections);
}

async function examine(options: DoctorOptions, world: World): Promise<readonly Section[]> {
  const { files, network, stage, local, url, list } = options;
  const sections: Section[] = [];
  if (files.length > 0) sections.push(...(await checkFiles(files, { network }, world)));
  if (stage !== undefined) {
    const region = regionOf(options.region, world.environment);
    sections.push(...(await checkDeployment({ stage, region, url, list }, world)));
  }
  if (local) sections.push(...(await checkLocal({ url: url ?? localUrl(world.environment), list }, world)));
  return sections;
}
