import { accessSync, constants, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A part of one processor, given in slices. A process in it is stopped when it has used up the present slice. */
export interface ProcessorShare {
  /** A process joins by writing its id into this file. */
  readonly procsFile: string;
  /** Removes the share. Every process in it must have ended. */
  remove(): Promise<void>;
}

/** The part of a processor, and the length of its slices. */
export interface ShareSize {
  /** AWS documentation, Lambda, "Configure Lambda function memory": 1,769 MB have one processor. */
  readonly memoryMb: number;
  /** A slice is this long times the part. Lambda's own period is not documented. */
  readonly periodMs: number;
}

const memoryOfOneProcessorMb = 1769;
const microseconds = (ms: number): number => Math.round(ms * 1000);

/**
 * The two versions of the CPU controller of Linux (cgroups(7)): its path and the format of its limit. Within the limit
 * a share has priority over everything else, so that other work of the machine disturbs less.
 */
const hierarchies = [
  {
    root: '/sys/fs/cgroup/cpu',
    hasProcessor: () => true,
    limit: (folder: string, quotaUs: number, periodUs: number): void => {
      writeFileSync(join(folder, 'cpu.cfs_period_us'), String(periodUs));
      writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(quotaUs));
      writeFileSync(join(folder, 'cpu.shares'), '262144');
    },
  },
  {
    root: '/sys/fs/cgroup',
    hasProcessor: (root: string) => /\bcpu\b/.test(readFileSync(join(root, 'cgroup.subtree_control'), 'utf8')),
    limit: (folder: string, quotaUs: number, periodUs: number): void => {
      writeFileSync(join(folder, 'cpu.max'), `${quotaUs} ${periodUs}`);
      writeFileSync(join(folder, 'cpu.weight'), '10000');
    },
  },
] as const;

let opened = 0;

/** Opens a share. Returns undefined when this process may not limit processor time. */
export function openShare({ memoryMb, periodMs }: ShareSize): ProcessorShare | undefined {
  const part = Math.min(1, memoryMb / memoryOfOneProcessorMb);
  for (const { root, hasProcessor, limit } of hierarchies) {
    opened += 1;
    const folder = join(root, `ringout-bridge-bench-${process.pid}-${opened}`);
    try {
      accessSync(root, constants.W_OK);
      if (!hasProcessor(root)) continue;
      mkdirSync(folder);
      limit(folder, microseconds(periodMs * part), microseconds(periodMs));
    } catch {
      removeFolder(folder);
      continue;
    }
    return { procsFile: join(folder, 'cgroup.procs'), remove: () => removeEmpty(folder) };
  }
  return undefined;
}

/** After the end of a process the kernel takes a moment to see that its group is empty. */
async function removeEmpty(folder: string): Promise<void> {
  for (let tries = 0; tries < 50 && !removeFolder(folder); tries += 1) await sleep(20);
}

function removeFolder(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
