import { readdirSync } from 'node:fs';
import { parse } from 'yaml';
import { readDocument } from '../docs/documents.ts';

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}
interface Workflow {
  readonly on: object;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = '.github/workflows';
const read = (file: string): Workflow => parse(readDocument(`${folder}/${file}`)) as Workflow;
const files = readdirSync(folder);
const jobs = files.flatMap((file) => {
  const { permissions, jobs: ofFile } = read(file);
  return Object.entries(ofFile).map(([name, job]) => ({ name: `${file}, ${name}`, permissions, ...job }));
});
const runs = ({ steps }: Job): readonly string[] => steps.flatMap(({ run }) => run ?? []);

test('every action is pinned to a commit, and to the same one everywhere', () => {
  const used = jobs.flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
  expect(used.filter((uses) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  expect(new Set(used).size).toBe(new Set(used.map((uses) => uses.split('@')[0])).size);
});

test('only the deployment may assume a role, and it runs no install scripts and no tests', () => {
  const mayAssume = jobs.filter(({ permissions }) => permissions['id-token'] !== undefined);
  expect(mayAssume.map(({ name }) => name)).toEqual(['deploy.yml, deploy']);
  for (const job of mayAssume) {
    const installs = runs(job).filter((run) => /\bnpm (?:ci|i|install|rebuild|test)\b|\bnpx\b/.test(run));
    expect(installs).toEqual(['npm ci --ignore-scripts']);
  }
});

test('no job may write to the repository', () => {
  const written = jobs.flatMap(({ permissions }) => Object.entries(permissions).map((entry) => entry.join(': ')));
  expect([...new Set(written)].sort()).toEqual(['contents: read', 'id-token: write']);
});

test('the run-time dependencies are audited on a schedule', () => {
  const scheduled = files.filter((file) => 'schedule' in read(file).on);
  const audits = scheduled.flatMap((file) => Object.values(read(file).jobs).flatMap(runs));
  expect(audits).toEqual(['npm audit --package-lock-only --omit=dev']);
});
