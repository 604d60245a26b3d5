import { h } from './elements.js';

/*
 * Explains legacy answers in words.
 */

const faxWords = [
  'accepted for sending',
  'authorization failed',
  'faxing is prohibited',
  'no recipients',
  'no fax data',
  'generic error',
];
const statusWords = [
  'success',
  'in progress',
  'busy',
  'no answer',
  'rejected',
  'generic error',
  'finished',
  'international calls disabled',
  'number prohibited',
];

export function commandOf({ path, query, body }) {
  if (/fax/i.test(path)) return 'fax';
  return (
    [...query, ...body].find(({ name }) => name.toLowerCase() === 'cmd')?.value.toLowerCase() ??
    /^\/ringout\/(\w+)/i.exec(path)?.[1]
  );
}

/** Whether an answer reports a failure. JSON and HTML answers have no common form, so their log line decides. */
export function isFailure(command, { answer, status, logged = [] }) {
  if (answer === undefined) return false;
  if (status >= 400) return true;
  if (command === 'fax') return answer !== '0';
  return /^[{[<]/.test(answer) ? logged.some(({ name }) => name === 'code') : !answer.startsWith('OK ');
}

/** Returns undefined for an answer that explains itself. */
function meaningOf(command, { answer, status }) {
  if (status === 403) return 'no such path, or an address that may not call';
  if (command === 'fax') return faxWords[Number(answer || NaN)];
  if (answer === '5') return 'the gateway answered by itself';
  const [, session, rest] = /^OK (\S*) ?(.*)$/.exec(answer) ?? [];
  if (session === undefined) return undefined;
  if (command === 'list') {
    const count = Math.floor(answer.slice(3).split(';').length / 2);
    return count === 1 ? '1 number to be called back at' : `${count} numbers to be called back at`;
  }
  if (command === 'call') return `placed; status and cancel ask for it as ${session}`;
  if (command !== 'status') return undefined;
  if (rest === '') return 'the call is over, or there is none of this number';
  const [call, , toStatus, , fromStatus] = rest.split(';');
  return `call ${statusWords[call]}, To ${statusWords[toStatus]}, From ${statusWords[fromStatus]}`;
}

/** The answer's text, with its meaning below. */
export function answerElements(command, exchange) {
  const { answer } = exchange;
  const words = answer && meaningOf(command, exchange);
  return [
    h(
      'pre',
      { class: isFailure(command, exchange) ? 'answer failed' : 'answer' },
      answer === undefined ? '…' : answer === '' ? '(empty)' : answer,
    ),
    ...(words ? [h('p', { class: 'words' }, words)] : []),
  ];
}
