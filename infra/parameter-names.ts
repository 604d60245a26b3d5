/**
 * Parameters of earlier versions, with the remedy. They are errors, because ignoring one might change what happens to
 * data.
 */
const retired: Readonly<Record<string, string>> = {
  retainData: 'table and secret are always kept now, unless deleteDataWithStack is true: remove retainData.',
};

/**
 * Returns the mistake in a parameter's name as a sentence; undefined if there is none.
 *
 * @param known names of all parameters
 */
export function nameMistake(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return undefined;
  const instead = retired[name];
  return instead === undefined
    ? `There is no parameter "${name}"; infra/params.yml lists them all.`
    : `${name} is no parameter any more; ${instead}`;
}
