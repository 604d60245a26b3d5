import { textAnswer, type LegacyAnswer } from '../edge/answer.ts';
import type { Command, Exchange } from '../edge/exchange.ts';
import { LegacyFailure } from '../domain/failure.ts';
import { faxAccepted, parseFax } from '../legacy/fax.ts';
import { placeOnce } from '../repeats/place-once.ts';
import { faxKey } from '../repeats/request-key.ts';
import { sendFax } from '../ringcentral/fax.ts';
import { placeOnceParts } from './place-once-parts.ts';
import { signIn } from './sign-in.ts';

/** `faxapi.asp`: hands a fax over for sending. */
export const fax: Command = { name: 'fax', otherSites: 'refused', serve };

async function serve(exchange: Exchange): Promise<LegacyAnswer> {
  const { request, form, runtime, log } = exchange;
  if (request.method !== 'POST') throw new LegacyFailure('method');
  if (form.body === 'ignored')
    throw new LegacyFailure('malformed', { note: 'a body of this content type is not read' });
  const nowMs = runtime.clock.nowMs();
  const { user, api, asked } = await signIn(exchange, 'placing', ({ homeCountry }) =>
    parseFax({ fields: form.fields, parts: form.parts, nowMs, homeCountry }),
  );
  const { order, notes } = asked;
  exchange.note({
    recipients: order.recipients.length,
    documents: order.documents.length,
    bytes: order.documents.reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
    ...(notes.length === 0 ? {} : { notes }),
  });
  await placeOnce(
    {
      key: faxKey(user, order),
      windowMs: runtime.repeatWindows.faxMs,
      uncertainMs: runtime.repeatWindows.uncertainMs,
      uncertain: 'fax_uncertain',
      place: async () => {
        const coverIndex = await runtime.resolveCover(api, order.cover, nowMs, log);
        exchange.note({ messageId: await sendFax(api, order, coverIndex) });
        return { value: undefined, isStored: false };
      },
    },
    placeOnceParts(exchange),
  );
  return textAnswer(faxAccepted);
}
