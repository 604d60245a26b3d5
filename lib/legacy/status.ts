import type { SessionView } from '../domain/ring-out.ts';
import { statusGroups } from './call-state.ts';

/**
 * The answer to `cmd=status`: `OK <sid> <general>;<destination number>;<destination>;<call-back number>;<call-back>`,
 * always five groups; or `OK <sid> ` with the final space when the call is over or there is no such session (`view` is
 * undefined). `echo` is the session id to repeat.
 */
export function renderStatus(echo: string, view: SessionView | undefined): string {
  const groups = view === undefined || view.state.kind === 'gone' ? 'over' : statusGroups(view.state);
  if (view === undefined || groups === 'over') return `OK ${echo} `;
  const { general, destination, callBack } = groups;
  return `OK ${echo} ${[general, view.to, destination, view.from, callBack].join(';')}`;
}
