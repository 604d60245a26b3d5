import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether processes can be followed: nothing but Linux has a /proc. */
export const hasProc = existsSync('/proc/self/stat');

/** What is stopped has to be gone by then. */
const endsWithinMs = 3000;

/** A process and all its descendants; nothing of a process that has ended, or without a /proc. */
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
 * Stops processes and gives them three seconds.
 *
 * @returns the command lines of those that are still there then, which are killed; nothing as soon as all have ended
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

/** What was typed to start a process; empty if it has ended. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Undefined for a process that has ended, even if nobody has taken notice of its end yet. */
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
