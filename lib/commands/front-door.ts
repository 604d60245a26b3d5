import type { Command } from '../edge/exchange.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { brokenBody, type Form } from '../edge/form.ts';
import { call } from './call.ts';
import { cancel } from './cancel.ts';
import { list } from './list.ts';
import { status } from './status.ts';

const commands: ReadonlyMap<string, Command> = new Map(
  [list, call, status, cancel].map((command) => [command.name, command]),
);

/**
 * `ringout.asp`: which of the four commands `cmd` asks for; failure `command` for anything else, and `malformed` when
 * `cmd` was perhaps in a body that cannot be read.
 */
export function chooseByCmd(form: Form): Command | LegacyFailure {
  const asked = form.fields.first('cmd')?.toLowerCase() ?? '';
  return commands.get(asked) ?? brokenBody(form) ?? new LegacyFailure('command');
}
