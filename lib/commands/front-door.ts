import type { Chosen, Exchange } from '../edge/exchange.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { refuseBrokenBody } from '../edge/form.ts';
import { call } from './call.ts';
import { cancel } from './cancel.ts';
import { list } from './list.ts';
import { status } from './status.ts';

const commands: ReadonlyMap<string, Chosen> = new Map([
  ['list', { name: 'list', command: list }],
  ['call', { name: 'call', command: call }],
  ['status', { name: 'status', command: status }],
  ['cancel', { name: 'cancel', command: cancel }],
]);

/**
 * `ringout.asp`: which of the four commands `cmd` asks for. Throws LegacyFailure `command` for anything else,
 * and `malformed` when `cmd` was perhaps in a body that cannot be read.
 */
export function chooseByCmd({ form }: Exchange): Chosen {
  const chosen = commands.get(form.fields.first('cmd')?.toLowerCase() ?? '');
  if (chosen !== undefined) return chosen;
  refuseBrokenBody(form);
  throw new LegacyFailure('command');
}
