import { asText, type Json } from '../../../lib/domain/untrusted.ts';
import { shown } from '../report/check.ts';

/** Fields that start the line anyway, and `@ptr`, which is CloudWatch's own reference to the row. */
const notShown = new Set(['@timestamp', '@ptr', 'command', 'outcome', 'code']);

/**
 * Formats one request as one line: time, command, outcome, then every non-empty field in the query's order.
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
