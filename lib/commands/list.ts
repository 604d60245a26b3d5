import { jsonAnswer, textAnswer } from '../edge/answer.ts';
import { signIn, type Command } from '../edge/exchange.ts';
import { jsonList } from '../legacy/json.ts';
import { renderList } from '../legacy/list.ts';
import { readForwardingNumbers } from '../ringcentral/forwarding-numbers.ts';

/** `cmd=list`: the numbers the user may be called back on. */
export const list: Command = async (exchange) => {
  const { user, api } = await signIn(exchange);
  const numbers = await readForwardingNumbers(api);
  return exchange.format === 'json' ? jsonAnswer(jsonList(numbers)) : textAnswer(renderList(numbers, user.homeCountry));
};
