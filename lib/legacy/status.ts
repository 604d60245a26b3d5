import type { SessionView } from '../domain/ring-out.ts';
import { statusGroups } from './status-digits.ts';

/**
 * The answer to `cmd=status`: `OK <sid> <general>;<destination number>;<destination>;<call-back number>;<call-back>`,
 * always five groups; or `OK <sid> ` with the final space when the call is over or there is no such session (`view` is
 * undefined). `echo` is the session id to repeat.
 */
export function renderStatus(echo: string, view: SessionView | undefined): string {
  const groups = statusGroups(view);
  if (groups === undefined) return `OK ${echo} `;
  const { general, to, destination, from, callBack } = groups;
  return `OK ${echo} ${[general, to, destination, from, callBack].join(';')}`;
}
