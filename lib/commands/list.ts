import { jsonAnswer, textAnswer, type LegacyAnswer } from '../edge/answer.ts';
import type { Command, Exchange } from '../edge/exchange.ts';
import { jsonList } from '../legacy/json.ts';
import { renderList } from '../legacy/list.ts';
import { readForwardingNumbers } from '../ringcentral/forwarding-numbers.ts';
import { signIn } from './sign-in.ts';

/** `cmd=list`: lists the numbers that can call the user back. */
export const list: Command = { name: 'list', otherSites: 'refused', serve };

async function serve(exchange: Exchange): Promise<LegacyAnswer> {
  const { user, api } = await signIn(exchange, 'reading', () => undefined);
  const numbers = await readForwardingNumbers(api);
  return exchange.format === 'json' ? jsonAnswer(jsonList(numbers)) : textAnswer(renderList(numbers, user.homeCountry));
}
