import { textAnswer, type LegacyAnswer } from '../edge/answer.ts';
import type { Command, Exchange } from '../edge/exchange.ts';
import { LegacyFailure } from '../domain/failure.ts';
import type { FaxOrder } from '../domain/fax.ts';
import { faxAccepted, parseFax } from '../legacy/fax.ts';
import { enterFax } from '../outbox/enter.ts';
import { placeOnce } from '../repeats/place-once.ts';
import { faxKey } from '../repeats/request-key.ts';
import { failedAtOnce, sendFax } from '../ringcentral/fax.ts';
import { placeOnceParts } from './place-once-parts.ts';
import { signIn, type SignedIn } from './sign-in.ts';

/** `faxapi.asp`: accepts a fax for sending. */
export const fax: Command = { name: 'fax', otherSites: 'refused', serve };

async function serve(exchange: Exchange): Promise<LegacyAnswer> {
  const { request, form, runtime } = exchange;
  if (request.method !== 'POST') throw new LegacyFailure('method');
  if (form.body === 'ignored')
    throw new LegacyFailure('malformed', { hint: 'a body of this content type is not read' });
  const nowMs = runtime.clock.nowMs();
  const takesFaxes = runtime.outbox?.settings.takesFaxes === true;
  const signedIn = await signIn(exchange, takesFaxes ? undefined : 'placing', ({ homeCountry }) =>
    parseFax({ fields: form.fields, parts: form.parts, nowMs, homeCountry }),
  );
  const { user, asked } = signedIn;
  const { order, remarks } = asked;
  exchange.addToLog({
    recipients: order.recipients.length,
    documents: order.documents.length,
    bytes: order.documents.reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
    ...(remarks.length === 0 ? {} : { remarks }),
  });
  await placeOnce(
    {
      key: faxKey(user, order),
      windowMs: runtime.repeatWindows.faxMs,
      uncertainMs: runtime.repeatWindows.uncertainMs,
      uncertain: 'fax_uncertain',
      place: async () => {
        await place(order, signedIn, exchange);
        return { value: undefined, isStored: false };
      },
    },
    placeOnceParts(exchange),
  );
  return textAnswer(faxAccepted);
}

/** Puts the fax into the outbox, or sends it directly when the outbox is off. */
async function place(order: FaxOrder, { user, state, api }: SignedIn, exchange: Exchange): Promise<void> {
  const { runtime, log, deadline } = exchange;
  const { outbox, users, clock } = runtime;
  if (outbox?.settings.takesFaxes === true) {
    const { id, messageIds } = await enterFax(user, order, state, { ...outbox, users, clock, deadline, log });
    exchange.addToLog({ fax: id, messageId: messageIds[0] });
    return;
  }
  const coverIndex = await runtime.resolveCover(api, order.cover, clock.nowMs(), log);
  const accepted = await sendFax(api, order, coverIndex);
  if (accepted.hasFailed) throw failedAtOnce();
  exchange.addToLog({ messageId: accepted.messageId });
}
