import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Template } from './template.ts';

const root = join(import.meta.dirname, '../..');

/** A run of the Serverless CLI in a copy of the service, without AWS credentials. */
export interface Run {
  readonly status: number | null;
  readonly output: string;
  /** Reads a file that was packaged. */
  packaged(file: string): Buffer;
}

/**
 * Runs the Serverless CLI on this repository's serverless.yml and infra/, with one-line functions in place of the real
 * ones: what is tested is the template, not the code in it.
 */
export async function serverless(...args: readonly string[]): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-'));
  try {
    for (const part of ['serverless.yml', 'package.json', 'infra'])
      cpSync(join(root, part), join(folder, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    mkdirSync(join(folder, 'functions'));
    for (const name of functionNames) {
      writeFileSync(join(folder, 'functions', `${name}.ts`), 'export const handler = async () => {};\n');
    }
    const run = await cli(folder, args);
    const files = new Map(
      run.status === 0
        ? readdirSync(join(folder, '.serverless')).map((file) => [
            file,
            readFileSync(join(folder, '.serverless', file)),
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

/** Names of the Lambdas: one file each under infra/functions/. */
export const functionNames = readdirSync(join(root, 'infra/functions')).map((file) => basename(file, '.yml'));

/** The CloudFormation template that a deployment of a stage with these parameters would send. */
export async function packagedTemplate(stage: string, params: Readonly<Record<string, string>>): Promise<Template> {
  const options = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
  const run = await serverless('package', '--stage', stage, ...options);
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
  // Only what the CLI needs to start; above all no AWS_… variable of the machine.
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
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
