import { htmlAnswer, jsonAnswer, textAnswer, type LegacyAnswer } from '../edge/answer.ts';
import type { Command, Exchange, Unserved } from '../edge/exchange.ts';
import { findSession } from '../sessions/find-session.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { nameInLog } from '../domain/log-name.ts';
import { knownStatus } from '../sessions/known-status.ts';
import { jsonStatus } from '../legacy/json.ts';
import { failureText } from '../legacy/failure-text.ts';
import { readSession } from '../legacy/session-id.ts';
import { renderStatusHtml } from '../legacy/status-html.ts';
import { renderStatus } from '../legacy/status.ts';
import type { SessionView } from '../domain/ring-out.ts';
import { actFor } from './sign-in.ts';

/** `cmd=status`: how a call stands. The session id alone decides; credentials, if any, are not looked at. */
export const status: Command = { name: 'status', otherSites: 'served', serve, lastWord };

async function serve(exchange: Exchange): Promise<LegacyAnswer> {
  const { form, runtime, log } = exchange;
  const { echo, sessionId } = readSession(form.fields);
  const found = await findSession(sessionId, runtime);
  if (found === undefined) return render(exchange, echo, undefined);

  const { session, user } = found;
  exchange.note(nameInLog(user));
  const state = await knownStatus(session, {
    ...runtime,
    log,
    open: () => {
      // While the user's row is read.
      void runtime.prepareConnection(user.serverUrl, 'reading');
      return actFor(user, exchange);
    },
    arrivedAtMs: arrivalOf(exchange),
  });
  return render(exchange, echo, { ...session, state });
}

/** When time runs out, what this container knows of the call is better than a failure, which is a page for a frame. */
function lastWord({ form, format, failure, runtime }: Unserved): LegacyAnswer | undefined {
  const { echo, sessionId } = readSession(form.fields);
  if (failure.code === 'deadline' && runtime !== undefined && sessionId !== undefined) {
    const known = runtime.sessionMemory.recall(sessionId, runtime.clock.nowMs());
    if (known !== undefined) return render({ form, format }, echo, known);
  }
  return format === 'html' ? htmlAnswer(renderStatusHtml({ failure: failureText(failure) }, undefined)) : undefined;
}

/** API Gateway's clock is not ours: an arrival in the future, or longer ago than a request lives, is not believed. */
function arrivalOf({ request, runtime }: Exchange): number {
  const nowMs = runtime.clock.nowMs();
  const { arrivedAtMs = nowMs } = request;
  return arrivedAtMs <= nowMs && arrivedAtMs > nowMs - 30_000 ? arrivedAtMs : nowMs;
}

function render(
  { format, form }: Pick<Exchange, 'format' | 'form'>,
  echo: string,
  view: SessionView | undefined,
): LegacyAnswer {
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
