import { jsonAnswer, textAnswer } from '../edge/answer.ts';
import { actFor, type Command, type Exchange } from '../edge/exchange.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { renderCancel } from '../legacy/cancel.ts';
import { jsonCancel } from '../legacy/json.ts';
import { readSession, type SessionRef } from '../legacy/session-id.ts';
import { cancelRingOut } from '../ringcentral/ring-out.ts';
import { describeError } from '../runtime/logger.ts';
import { findSession } from '../sessions/find-session.ts';

/** `cmd=cancel`: a best effort, always answered the same way; only `format=json` says what happened. */
export const cancel: Command = async (exchange) => {
  const ref = readSession(exchange.form.fields);
  try {
    await tryCancel(ref, exchange);
  } catch (error) {
    if (exchange.format === 'json') throw error;
    const failure = error instanceof LegacyFailure ? error : new LegacyFailure('internal');
    if (failure !== error) exchange.log.error('cancel failed', describeError(error));
    exchange.runtime.metrics.failed(failure.code);
    exchange.note({ cancelled: 'failed', code: failure.code, ...failure.detail });
  }
  return exchange.format === 'json' ? jsonAnswer(jsonCancel) : textAnswer(renderCancel(ref.echo));
};

async function tryCancel({ sessionId }: SessionRef, exchange: Exchange): Promise<void> {
  const found = await findSession(sessionId, exchange.runtime);
  if (found === undefined) throw new LegacyFailure('session_unknown');
  const { api } = await actFor(found.user, exchange);
  exchange.note({ cancelled: await cancelRingOut(api, found.session.ringOutId) });
}
