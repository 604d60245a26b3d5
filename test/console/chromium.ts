import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { openConnection, type Connection } from './devtools.ts';
import { pageOf, type Page } from './page.ts';

/** A headless browser with one open page. */
export interface Chromium {
  readonly page: Page;
  /** Where its files are, and what the command line of each of its processes names. */
  readonly profileDir: string;
  /** Ends every process of the browser and deletes its files. */
  close(): Promise<void>;
}

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const startMs = 20_000;
const graceMs = 2000;

/** The path of the browser on the PATH; undefined if there is none. */
export function findChromium(path = process.env['PATH'] ?? ''): string | undefined {
  return names.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts a browser that knows nobody and talks to nobody but the pages it is given; rejects if it does not start. */
export async function startChromium(executable: string): Promise<Chromium> {
  const profileDir = await mkdtemp(join(tmpdir(), 'ringout-bridge-chromium-'));
  const child = spawn(
    executable,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-breakpad',
      '--lang=en-US',
      `--user-data-dir=${profileDir}`,
      '--remote-debugging-port=0',
      'about:blank',
    ],
    {
      // A group of its own, so that it can be ended with all its children.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: profileDir, XDG_CONFIG_HOME: profileDir, XDG_CACHE_HOME: profileDir },
    },
  );
  const killGroup = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group has ended already.
    }
  };
  process.once('exit', killGroup);
  // Not when its output closes: a crash handler that goes a little later may still hold that.
  const ended = once(child, 'exit').catch(() => undefined);
  let connection: Connection | undefined;
  const close = async (): Promise<void> => {
    // Asked first, because a browser that is killed leaves its crash handler behind, which is in no group of ours.
    void connection?.send('Browser.close').catch(() => undefined);
    await Promise.race([ended, delay(connection === undefined ? 0 : graceMs, undefined, { ref: false })]);
    killGroup();
    await ended;
    process.off('exit', killGroup);
    connection?.close();
    await rm(profileDir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    connection = await openConnection(await devToolsUrl(child, ended));
    return { page: await pageOf(connection), profileDir, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The address the browser prints when it listens. */
async function devToolsUrl(child: ChildProcess, ended: Promise<unknown>): Promise<string> {
  const said: string[] = [];
  const url = new Promise<string>((resolve) => {
    if (child.stderr === null) return;
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      const found = /^DevTools listening on (ws:\S+)$/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const first = await Promise.race([url, ended.then(() => undefined), delay(startMs, undefined, { ref: false })]);
  if (first === undefined) throw new Error(`The browser did not start:\n${said.join('\n')}`);
  return first;
}
