import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Template } from './template.ts';

const root = join(import.meta.dirname, '../..');

/**
 * The CLI caches its compiled configuration schema, which saves seconds of a run. By default the cache is below the
 * home directory, which is a new folder in each run. Concurrent runs can share the cache: the name of its file is a
 * hash of the schema, and the file is moved into place whole.
 */
const schemaCacheDir = join(root, 'node_modules/.cache/serverless');

/** A run of the Serverless CLI in a copy of the service, without AWS credentials. */
export interface Run {
  readonly status: number | null;
  readonly output: string;
  /** Reads a file that was packaged. */
  packaged(file: string): Buffer;
}

/**
 * Runs the Serverless CLI on a copy of serverless.yml, infra/ and lib/. One-line functions replace the real ones,
 * because the tests are about the template. The packages are beside the copy, where the CLI does not spend seconds on
 * searching them. One package is inside, so that a test sees if the CLI zips it.
 *
 * @param ownParams text of infra/params.local.yml; without it there is no such file, even if the developer has one
 */
export async function serverless(args: readonly string[], ownParams?: string): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-'));
  const service = join(folder, 'service');
  try {
    for (const part of ['serverless.yml', 'package.json', 'infra', 'lib'])
      cpSync(join(root, part), join(service, part), {
        recursive: true,
        filter: (file) => basename(file) !== 'params.local.yml',
      });
    if (ownParams !== undefined) writeFileSync(join(service, 'infra/params.local.yml'), ownParams);
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    mkdirSync(join(service, 'node_modules/left-here'), { recursive: true });
    writeFileSync(join(service, 'node_modules/left-here/index.js'), '');
    mkdirSync(join(service, 'functions'));
    for (const name of functionNames) {
      writeFileSync(join(service, 'functions', `${name}.ts`), 'export const handler = async () => {};\n');
    }
    const run = await cli(service, args);
    const files = new Map(
      run.status === 0
        ? readdirSync(join(service, '.serverless')).map((file) => [
            file,
            readFileSync(join(service, '.serverless', file)),
          ])
        : [],
    );
    return {
      ...run,
      packaged(file) {
        const contents = files.get(file);
        if (contents === undefined) throw new Error(`${file} was not packaged:\n${run.output}`);
        return contents;
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Names of the Lambdas: one file each under functions/. */
export const functionNames = readdirSync(join(root, 'functions')).map((file) => basename(file, '.ts'));

/** Packages a stage with these parameters, as a deployment would. `ownParams` as in {@link serverless}. */
export function packageStage(
  stage: string,
  params: Readonly<Record<string, string>>,
  ownParams?: string,
): Promise<Run> {
  const options = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
  return serverless(['package', '--stage', stage, ...options], ownParams);
}

/** The CloudFormation template that a deployment would send. */
export function templateOf(run: Run): Template {
  return JSON.parse(run.packaged('cloudformation-template-update-stack.json').toString()) as Template;
}

/** Names of the files in a zip archive, from its central directory. */
export function zipEntries(archive: Buffer): string[] {
  const names: string[] = [];
  for (let at = archive.indexOf('PK\u0001\u0002'); at >= 0; at = archive.indexOf('PK\u0001\u0002', at + 46)) {
    names.push(archive.toString('utf8', at + 46, at + 46 + archive.readUInt16LE(at + 28)));
  }
  return names;
}

function cli(folder: string, args: readonly string[]): Promise<{ status: number | null; output: string }> {
  // Only the variables that the CLI needs to start, and no AWS_… variable of this computer.
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    SLS_SCHEMA_CACHE_BASE_DIR: schemaCacheDir,
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/serverless/bin/serverless.js'), ...args], {
      cwd: folder,
      env,
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}
