import { accessFor } from '../../allowed-cidrs.ts';
import { asArray, asObject, asText, parseJson, type Json } from '../../../lib/domain/untrusted.ts';
import { counted, failed, passed, type Check } from '../report/check.ts';

const name = 'allowlist';
const deployAgain = 'Set allowedCidrs in infra/params.local.yml and deploy again.';

/**
 * Checks that the API's resource policy admits only the listed addresses.
 *
 * @param policy as API Gateway returns it: JSON with escaped quotation marks
 */
export function checkAllowlist(policy: string | undefined, stage: string): Check {
  if (policy === undefined || policy.trim() === '') {
    return failed(name, 'there is no resource policy: anybody may call', deployAgain);
  }
  const statements = readStatements(policy);
  if (statements === undefined) return failed(name, 'the resource policy cannot be read', deployAgain);

  const allowed = statements.filter(({ Effect }) => Effect === 'Allow').map((each) => rangesOf(each, 'IpAddress'));
  const denied = statements.filter(({ Effect }) => Effect === 'Deny').map((each) => rangesOf(each, 'NotIpAddress'));
  const deniedRanges = denied.filter((ranges) => ranges !== undefined);
  if (allowed.includes(undefined) && deniedRanges.length === 0) {
    return failed(name, 'a statement lets in every address', deployAgain);
  }
  const ranges = [...new Set([...allowed, ...deniedRanges].flatMap((each) => each ?? []))];
  const mistake = mistakeIn(ranges, stage);
  if (mistake !== undefined) return failed(name, mistake, deployAgain);
  if (allowed.includes(undefined) || allowed.length === 0 || deniedRanges.length === 0) {
    return failed(
      name,
      'one of its two statements is not as deployed',
      'Somebody has changed the resource policy; deploy again to restore it.',
    );
  }
  return passed(name, `${counted(ranges.length, 'range')}, everybody else is refused`);
}

/** Returns the condition's ranges, or undefined if the statement has no such condition. */
function rangesOf(statement: Json, operator: 'IpAddress' | 'NotIpAddress'): readonly string[] | undefined {
  const ranges = asObject(asObject(statement['Condition'])?.[operator])?.['aws:SourceIp'];
  if (ranges === undefined) return undefined;
  return (Array.isArray(ranges) ? asArray(ranges) : [ranges]).map(String);
}

function mistakeIn(ranges: readonly string[], stage: string): string | undefined {
  try {
    accessFor(ranges, { stage });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0] : 'the list is not acceptable';
  }
}

function readStatements(policy: string): readonly Json[] | undefined {
  const json = parseJson(policy) ?? parseJson(unescapeQuotes(policy));
  const statements = asObject(json)?.['Statement'];
  if (statements === undefined) return undefined;
  return (Array.isArray(statements) ? asArray(statements) : [statements]).map((each) => asObject(each) ?? {});
}

/** After its own JSON is parsed, get-rest-api has always returned `{\"Version\":…}` (observed). */
function unescapeQuotes(text: string): string {
  return asText(parseJson(`"${text}"`)) ?? '';
}
