import { demoList } from '../demo.ts';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type SocketWorld } from './socket-world.ts';
import { users } from './users.ts';
import { localTest } from './world.ts';

interface Client {
  readonly program: string;
  /** Shell command that runs the program, which is `$0`. It may build files in `$FOLDER`. */
  readonly run: string;
  /** Shell command that succeeds if this computer can run the program. */
  readonly check: string;
}

const clients: readonly Client[] = [
  { program: 'curl.sh', run: 'exec sh "$0"', check: 'curl --version' },
  { program: 'wget.sh', run: 'exec sh "$0"', check: 'wget --version' },
  { program: 'php-curl.php', run: 'exec php "$0"', check: 'php -r \'exit((int) !extension_loaded("curl"));\'' },
  { program: 'perl-lwp.pl', run: 'exec perl "$0"', check: 'perl -MLWP::UserAgent -e 1' },
  { program: 'ruby.rb', run: 'exec ruby "$0"', check: 'ruby -rnet/http -e 1' },
  { program: 'python.py', run: 'exec python3 "$0"', check: "python3 -c 'import urllib.request'" },
  { program: 'go.go', run: 'exec go run "$0"', check: 'go version' },
  {
    program: 'csharp.cs',
    run: 'mcs -r:System.Net.Http.dll -out:"$FOLDER/client.exe" "$0" && exec mono "$FOLDER/client.exe"',
    check:
      'mcs --version && mono --version && test -e "$(dirname "$(command -v mcs)")/../lib/mono/4.5/System.Net.Http.dll"',
  },
];

const everyByte = Buffer.from(Array.from({ length: 1024 }, (_, index) => index));

/**
 * One small program for each style of old client, run by its real tool against the product: list, call, status, cancel
 * and fax. Each checks the answers the way such programs do. The report names the tools that this computer lacks, whose
 * programs are skipped.
 */
export function describeClients(world: () => SocketWorld): void {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringout-bridge-'));
    await writeFile(join(folder, 'order.tif'), everyByte);
  });
  afterAll(() => rm(folder, { recursive: true }));

  for (const client of clients) {
    const { program } = client;
    const isThere = spawnSync('sh', ['-c', client.check]).status === 0;
    const describeIfThere = isThere ? describe : describe.skip;
    describeIfThere(isThere ? program : `${program}: skipped, this computer lacks its tool`, () => {
      localTest('lists, calls, polls, cancels and faxes', async () => {
        const { exitCode, output } = await run(client);
        const sessionId = /^call: OK (\d{9}) 3$/m.exec(output)?.[1] ?? '(no session id)';
        expect([exitCode, ...output.split('\n')]).toEqual([
          0,
          `list: ${demoList}`,
          `call: OK ${sessionId} 3`,
          `status: OK ${sessionId} 1;+16505550100;1;+16505551550;1`,
          `cancel: OK ${sessionId}`,
          'fax: 0',
          '',
        ]);
        expect(world().simulator.calls.map(({ to, from, playPrompt }) => ({ to, from, playPrompt }))).toEqual([
          { to: '+16505550100', from: '+16505551550', playPrompt: true },
        ]);
        expect(world().simulator.faxes.map(({ to, coverIndex, documents }) => ({ to, coverIndex, documents }))).toEqual(
          [
            {
              to: [{ phoneNumber: '+16505550100', name: 'Demo Recipient' }],
              coverIndex: 0,
              documents: [{ fileName: 'order.tif', contentType: 'image/tiff', bytes: everyByte }],
            },
          ],
        );
      });

      localTest('shows the reason of a failure', async () => {
        const { output } = await run(client, { RC_PASSWORD: 'not-the-password' });
        expect(output).toContain('FAILED Invalid User or Password');
        expect(output).not.toContain('call:');
      });
    });
  }

  /** Runs a program to its end. Returns its exit code and what it printed, standard output before errors. */
  async function run(
    client: Client,
    changes: Readonly<Record<string, string>> = {},
  ): Promise<{ exitCode: number; output: string }> {
    const child = spawn('sh', ['-c', client.run, join(import.meta.dirname, '../clients', client.program)], {
      env: {
        ...process.env,
        FOLDER: folder,
        BASE_URL: world().baseUrl,
        RC_USERNAME: users.dana.Username,
        RC_EXT: users.dana.Ext,
        RC_PASSWORD: users.dana.Password,
        TO: '6505550100',
        FROM: '6505551550',
        FAX_FILE: join(folder, 'order.tif'),
        ...changes,
      },
    });
    const [output, errors] = [text(child.stdout), text(child.stderr)];
    const [exitCode] = (await once(child, 'close')) as [number];
    return { exitCode, output: (await output) + (await errors) };
  }
}
