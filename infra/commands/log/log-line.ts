import { asText, type Json } from '../../../lib/domain/untrusted.ts';
import { shown } from '../report/check.ts';

/** Stands at the front of the line already; `@ptr` is CloudWatch's own reference to the row. */
const notShown = new Set(['@timestamp', '@ptr', 'command', 'outcome', 'code']);

/**
 * One request in one line: when, what, how it ended, and then every field that has a value, in the query's order.
 *
 * @param row field names with their values
 */
export function logLine(row: Json): string {
  const of = (field: string): string => asText(row[field]) ?? '';
  const code = of('code');
  const rest = Object.keys(row)
    .filter((field) => !notShown.has(field) && of(field) !== '')
    .map((field) => `${field}=${quoted(shown(of(field)))}`);
  return [
    shown(of('@timestamp')),
    shown(of('command')).padEnd(7),
    shown(of('outcome')).padEnd(6),
    ...(code === '' ? [] : [shown(code)]),
    ...rest,
  ].join('  ');
}

const quoted = (text: string): string => (/^\S+$/.test(text) ? text : JSON.stringify(text));
