import { ParameterError } from './parameter-error.ts';
import { nameMistake } from './parameter-names.ts';
import type { ResolverContext } from './resolver.ts';

/** Parameters by stage. Those of `default` apply to every stage. */
export type StageParams = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Merges the parameters of all stages: an installation's values override the repository's.
 *
 * @param tracked infra/params.yml
 * @param own infra/params.local.yml; null if there is none
 * @throws {ParameterError} naming every unknown parameter in either file, because the CLI would ignore it
 */
export function stageParams(tracked: StageParams, own: unknown): StageParams {
  const known = Object.keys(tracked['default'] ?? {});
  const files = [
    ['infra/params.yml', tracked],
    ['infra/params.local.yml', readOwn(own)],
  ] as const;
  const mistakes = files.flatMap(([file, stages]) =>
    Object.entries(stages).flatMap(([stage, params]) =>
      Object.keys(params).flatMap((name) => {
        const mistake = nameMistake(name, known);
        return mistake === undefined ? [] : [`${file}, ${stage}: ${mistake}`];
      }),
    ),
  );
  if (mistakes.length > 0) throw new ParameterError(mistakes.join('\n'));
  const [[, base], [, over]] = files;
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(over)])].map((stage) => [
      stage,
      { ...base[stage], ...over[stage] },
    ]),
  );
}

function readOwn(own: unknown): StageParams {
  if (own === null || own === undefined) return {};
  const isMapping = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMapping(own) || !Object.values(own).every(isMapping)) {
    throw new ParameterError(
      'infra/params.local.yml must have stages, each with parameters below it, as infra/params.yml.',
    );
  }
  return own as StageParams;
}

/** Resolver for `params` in serverless.yml. */
export async function resolveParams({ resolveVariable }: ResolverContext): Promise<StageParams> {
  const tracked = (await resolveVariable('file(infra/params.yml)')) as StageParams;
  return stageParams(tracked, await resolveVariable('file(infra/params.local.yml), null'));
}
