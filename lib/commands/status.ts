import { htmlAnswer, jsonAnswer, textAnswer, type LegacyAnswer } from '../edge/answer.ts';
import { actFor, type Command, type Exchange } from '../edge/exchange.ts';
import { findSession } from '../sessions/find-session.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { nameInLog } from '../domain/log-name.ts';
import { knownStatus } from '../sessions/known-status.ts';
import { claimPollAgain } from '../sessions/poll-again.ts';
import { jsonStatus } from '../legacy/json.ts';
import { readSession } from '../legacy/session-id.ts';
import { renderStatusHtml } from '../legacy/status-html.ts';
import { renderStatus } from '../legacy/status.ts';
import type { SessionView } from '../domain/ring-out.ts';

/** `cmd=status`: how a call stands. The session id alone decides; credentials, if any, are not looked at. */
export const status: Command = async (exchange) => {
  const { form, runtime, log } = exchange;
  const { echo, sessionId } = readSession(form.fields);
  const again = await claimPollAgain(sessionId, runtime);
  const found = again ?? (await findSession(sessionId, runtime));
  if (found === undefined) return render(exchange, echo, undefined);

  const { session, user } = found;
  exchange.note(nameInLog(user));
  const state = await knownStatus(session, {
    ...runtime,
    log,
    open: () => actFor(user, exchange, again?.state),
    arrivedAtMs: arrivalOf(exchange),
    claimedAtMs: again?.claimedAtMs,
  });
  return render(exchange, echo, { ...session, state });
};

/** API Gateway's clock is not ours: an arrival in the future, or longer ago than a request lives, is not believed. */
function arrivalOf({ request, runtime }: Exchange): number {
  const nowMs = runtime.clock.nowMs();
  const { arrivedAtMs = nowMs } = request;
  return arrivedAtMs <= nowMs && arrivedAtMs > nowMs - 30_000 ? arrivedAtMs : nowMs;
}

function render({ format, form }: Exchange, echo: string, view: SessionView | undefined): LegacyAnswer {
  switch (format) {
    case 'json':
      if (view === undefined) throw new LegacyFailure('session_unknown');
      return jsonAnswer(jsonStatus(view));
    case 'html':
      return htmlAnswer(renderStatusHtml({ echo, view }, form.fields.first('css')));
    case 'text':
      return textAnswer(renderStatus(echo, view));
  }
}
