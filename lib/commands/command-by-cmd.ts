import type { Command } from '../edge/exchange.ts';
import type { Form } from '../edge/form.ts';
import { call } from './call.ts';
import { cancel } from './cancel.ts';
import { list } from './list.ts';
import { status } from './status.ts';

const commands: ReadonlyMap<string, Command> = new Map(
  [list, call, status, cancel].map((command) => [command.name, command]),
);

/** `ringout.asp`: returns the one of the four commands that `cmd` names. */
export function commandByCmd({ fields }: Form): Command | undefined {
  return commands.get(fields.first('cmd')?.toLowerCase() ?? '');
}
