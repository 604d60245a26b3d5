import type { SessionView } from '../domain/ring-out.ts';
import { statusGroups } from './status-digits.ts';

/**
 * Renders the answer to `cmd=status`: `OK <sid> <general>;<destination number>;<destination>;<call-back
 * number>;<call-back>`, always five groups. If the call is over or `view` is undefined because there is no such
 * session, it is `OK <sid> ` with the final space. `echo` is the session id to repeat.
 */
export function renderStatus(echo: string, view: SessionView | undefined): string {
  const groups = statusGroups(view);
  if (groups === undefined) return `OK ${echo} `;
  const { general, to, destination, from, callBack } = groups;
  return `OK ${echo} ${[general, to, destination, from, callBack].join(';')}`;
}
