import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether processes can be followed. Only Linux has /proc. */
export const hasProc = existsSync('/proc/self/stat');

/** Stopped processes must have ended within this time. */
const endsWithinMs = 3000;

/** A process and all its descendants. Empty if the process has ended, and without /proc. */
export function family(pid: number): readonly number[] {
  if (!hasProc) return [];
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))]),
  );
  const from = (parent: number): number[] => [
    parent,
    ...[...parents].filter(([, of]) => of === parent).flatMap(([child]) => from(child)),
  ];
  return parents.has(pid) ? from(pid) : [];
}

/**
 * Stops processes and waits until they have ended, for three seconds unless `withinMs` is given.
 *
 * @returns the command lines of the processes that still run then, which are killed; empty as soon as all have ended
 */
export async function survivors(
  pids: readonly number[],
  stop: () => void,
  withinMs = endsWithinMs,
): Promise<readonly string[]> {
  const deadlineMs = performance.now() + withinMs;
  stop();
  for (;;) {
    const alive = pids.filter((pid) => parentOf(pid) !== undefined);
    if (alive.length === 0) return [];
    if (performance.now() > deadlineMs) {
      const lines = alive.map(commandLine);
      kill(alive);
      return lines;
    }
    await delay(50);
  }
}

/** The command line of a process. Empty if it has ended. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Returns the parent of a process. Returns undefined if the process has ended, even if it is still a zombie. */
function parentOf(pid: number): number | undefined {
  try {
    // proc(5): the name in parentheses may contain anything, then come state and parent.
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return state === 'Z' ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

function kill(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
}
