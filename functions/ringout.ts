import { commandByCmd } from '../lib/commands/command-by-cmd.ts';
import { legacyHandler } from '../lib/edge/legacy-handler.ts';
import { phoneRules } from '../lib/legacy/phone-number.ts';
import { openContainer } from '../lib/runtime/container.ts';

const container = openContainer(process.env, phoneRules);

/** `/ringout.asp`: all four commands, selected by `cmd`. */
export const handler = legacyHandler({ endpoint: 'ringout', name: 'ringout', container, choose: commandByCmd });

/** Awaited by Lambda's init phase. */
export const { ready } = container;
