import { ParameterError } from './parameter-error.ts';
import { nameMistake } from './parameter-names.ts';
import type { ResolverContext } from './resolver.ts';

/** Parameters by stage; those of `default` hold for every stage. */
export type StageParams = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * The parameters of all stages: those of the repository, and over them those of an installation.
 *
 * @param tracked infra/params.yml
 * @param own infra/params.local.yml, null without one
 * @throws {ParameterError} naming every parameter in either file that does not exist, since the CLI would ignore it
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
