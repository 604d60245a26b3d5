import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../infra/local/simulator/server.ts';
import { codeBlocks, readDocument, section } from './documents.ts';

const document = readDocument('docs/migration.md');
const hasTools = ['bash', 'curl', 'jq'].every((tool) => spawnSync(tool, ['--version']).status === 0);
const testWithTools = hasTools ? test : test.skip;

const client = { clientId: 'demo-client-id', clientSecret: 'demo-client-secret' };
let simulator: Simulator;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringout-bridge-migration-'));
  writeFileSync(join(folder, 'order.pdf'), '%PDF-demo');
  simulator = await startSimulator({
    ...client,
    users: [
      {
        username: '18889363711',
        extension: '101',
        jwt: 'demo-jwt-101',
        forwardingNumbers: [{ id: '1', phoneNumber: '+16505553711', label: 'Home', features: ['CallForwarding'] }],
      },
    ],
  });
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The shell commands under a heading, for the simulator instead of RingCentral. */
function commands(title: string): string {
  const blocks = codeBlocks(section(document, title)).filter(({ language }) => language === 'sh');
  return blocks
    .map(({ text }) => text)
    .join('\n')
    .replace('https://platform.ringcentral.com', simulator.url);
}

function bash(script: string): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    CLIENT_ID: client.clientId,
    CLIENT_SECRET: client.clientSecret,
    JWT: 'demo-jwt-101',
  };
  return new Promise((resolve, reject) => {
    execFile('bash', ['-e', '-c', script], { cwd: folder, env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${error.message}\n${stderr}`));
    });
  });
}

testWithTools('the commands list numbers, place, poll and cancel a call, and send a fax', async () => {
  const output = await bash(
    [
      commands('A token first'),
      commands('list'),
      `PLACED=$(${commands('call')})`,
      'ID=$(echo "$PLACED" | jq -r .id)',
      'echo "$PLACED"',
      commands('status'),
      commands('cancel'),
      commands('fax'),
    ].join('\necho\n'),
  );
  const answers = output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const inProgress = { callStatus: 'InProgress', callerStatus: 'InProgress', calleeStatus: 'InProgress' };
  expect(answers).toMatchObject([
    { records: [{ phoneNumber: '+16505553711', label: 'Home' }] },
    { status: inProgress },
    { status: inProgress },
    { type: 'Fax', messageStatus: 'Queued', coverIndex: 0 },
  ]);
  expect(simulator.faxes).toHaveLength(1);
  expect(simulator.unknownRequests).toEqual([]);
});
