/** Parameters of earlier versions, with what to do instead. To ignore one would be to guess what becomes of data. */
const retired: Readonly<Record<string, string>> = {
  retainData: 'table and secret are always kept now, unless deleteDataWithStack is true: remove retainData.',
};

/**
 * What is wrong with the name of a parameter, as a sentence; undefined if nothing is.
 *
 * @param known names of all parameters there are
 */
export function nameMistake(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return undefined;
  const instead = retired[name];
  return instead === undefined
    ? `There is no parameter "${name}"; infra/params.yml lists them all.`
    : `${name} is no parameter any more; ${instead}`;
}
