import { htmlAnswer, jsonAnswer, textAnswer, type LegacyAnswer } from '../edge/answer.ts';
import type { Command, Exchange, FailedRequest } from '../edge/exchange.ts';
import { findSession } from '../sessions/find-session.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { nameInLog } from '../domain/log-name.ts';
import { currentStatus } from '../sessions/current-status.ts';
import { jsonStatus } from '../legacy/json.ts';
import { failureText } from '../legacy/failure-answers.ts';
import { readSession } from '../legacy/session-id.ts';
import { renderStatusHtml } from '../legacy/status-html.ts';
import { renderStatus } from '../legacy/status.ts';
import type { SessionView } from '../domain/ring-out.ts';
import { openForOwner } from './sign-in.ts';

/** `cmd=status`: returns the status of a call. Only the session id counts; credentials are ignored. */
export const status: Command = { name: 'status', otherSites: 'served', serve, answerOnFailure };

async function serve(exchange: Exchange): Promise<LegacyAnswer> {
  const { form, runtime, log } = exchange;
  const { echo, sessionId } = readSession(form.fields);
  const found = await findSession(sessionId, runtime);
  if (found === undefined) return render(exchange, echo, undefined);

  const { session, user } = found;
  exchange.addToLog(nameInLog(user));
  const state = await currentStatus(session, {
    ...runtime,
    log,
    open: () => {
      // Concurrently with reading the user's row.
      void runtime.prepareConnection(user.serverUrl, 'reading');
      return openForOwner(user, exchange);
    },
    arrivedAtMs: arrivalOf(exchange),
  });
  return render(exchange, echo, { ...session, state });
}

/**
 * After a timeout the state in this container's memory is better than a failure. For `html` a failure is a page, to be
 * shown in a frame.
 */
function answerOnFailure({ form, format, failure, runtime }: FailedRequest): LegacyAnswer | undefined {
  const { echo, sessionId } = readSession(form.fields);
  if (failure.code === 'deadline' && runtime !== undefined && sessionId !== undefined) {
    const known = runtime.sessionMemory.recall(sessionId, runtime.clock.nowMs());
    if (known !== undefined) return render({ form, format }, echo, known);
  }
  return format === 'html' ? htmlAnswer(renderStatusHtml({ failure: failureText(failure) }, undefined)) : undefined;
}

/**
 * Returns the arrival by API Gateway's clock, which may differ from ours. Returns the current time
 * instead of an arrival in the future, or earlier than a request can last.
 */
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
