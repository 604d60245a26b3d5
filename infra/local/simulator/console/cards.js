import { badge, facts, h, icon, number, time } from './elements.js';

/*
 * The cards of calls and faxes. Lists show items. An item has `key`, `atMs` (epoch milliseconds), `content` (all data
 * that can change), `isFailed`, `numbers` (texts for the number filter) and `build`, which returns its element.
 */

const legWords = {
  InProgress: ['busy', 'ringing'],
  Success: ['good', 'connected'],
  Finished: ['over', 'hung up'],
  Busy: ['bad', 'busy'],
  NoAnswer: ['bad', 'no answer'],
  Rejected: ['bad', 'rejected'],
  GenericError: ['bad', 'failed'],
  DestinationBlocked: ['bad', 'blocked'],
  InternationalDisabled: ['bad', 'international disabled'],
};
const callWords = {
  InProgress: ['busy', 'setting up'],
  Success: ['good', 'talking'],
  CannotReach: ['bad', 'not connected'],
};

function callWord({ state, lastStatus, cancelledAtMs }) {
  if (cancelledAtMs !== undefined) return ['over', 'cancelled'];
  if (lastStatus.callerStatus === 'Finished') return ['over', state === 'gone' ? 'ended' : 'hung up'];
  return callWords[lastStatus.callStatus] ?? ['bad', lastStatus.callStatus];
}

/** Returns the index of the call's current step, of four, and the step's style. */
function callStep({ lastStatus: { callerStatus, calleeStatus }, cancelledAtMs }) {
  if (cancelledAtMs !== undefined) return [0, 'over'];
  if (callerStatus === 'Finished') return [3, 'done'];
  if (callerStatus !== 'Success') return [0, callerStatus === 'InProgress' ? 'busy' : 'bad'];
  if (calleeStatus !== 'Success') return [1, calleeStatus === 'InProgress' ? 'busy' : 'bad'];
  return [2, 'good'];
}

function callSteps(call) {
  const [at, look] = callStep(call);
  const steps = ['calls back', 'dials', 'talking', 'over'].map((step, index) =>
    h('li', { class: index < at ? 'done' : index === at ? look : '', 'aria-current': index === at && 'step' }, step),
  );
  return h('ol', { class: 'steps', 'aria-label': 'Progress' }, ...steps);
}

function leg(phone, status, { cancelledAtMs }) {
  if (cancelledAtMs !== undefined) return number(phone);
  const [look, word] = legWords[status] ?? ['bad', status];
  return [`${number(phone)}: `, h('span', { class: look }, word)];
}

const card = (kind, name, [look, word], atMs, ...content) =>
  h('li', { class: 'card' }, h('header', {}, icon(kind), h('h3', {}, name), badge(look, word), time(atMs)), ...content);

export const callItem = (call) => ({
  key: `call ${call.id}`,
  atMs: call.placedAtMs,
  content: call,
  isFailed: callWord(call)[0] === 'bad',
  numbers: [call.from, call.to, call.callerId ?? '', call.user],
  build: () =>
    card(
      'call',
      'Call',
      callWord(call),
      call.placedAtMs,
      callSteps(call),
      facts([
        ['From', leg(call.from, call.lastStatus.callerStatus, call)],
        ['To', leg(call.to, call.lastStatus.calleeStatus, call)],
        ['Caller id', call.callerId && number(call.callerId)],
        ['Prompt', call.playPrompt ? 'press 1 to connect' : 'none'],
        ['User', call.user],
      ]),
    ),
});

const size = (bytes) => (bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(bytes < 10000 ? 1 : 0)} KB`);

function coverOf({ coverIndex }) {
  if (coverIndex === undefined) return 'the user’s default';
  return coverIndex === 0 ? 'none' : `page ${coverIndex}`;
}

export const faxItem = (fax) => ({
  key: `fax ${fax.id}`,
  atMs: fax.acceptedAtMs,
  content: fax,
  isFailed: false,
  numbers: [...fax.to.map(({ phoneNumber }) => phoneNumber), fax.user],
  build: () =>
    card(
      'fax',
      'Fax',
      ['good', fax.sendTime ? 'scheduled' : 'queued'],
      fax.acceptedAtMs,
      facts([
        ...fax.to.map(({ phoneNumber, name }, index) => [
          index === 0 ? 'To' : '',
          `${number(phoneNumber)}${name ? `, ${name}` : ''}`,
        ]),
        ...fax.documents.map(({ fileName, contentType, sizeBytes }, index) => [
          index === 0 ? 'Documents' : '',
          `${fileName ?? 'unnamed'}, ${size(sizeBytes)}${contentType ? `, ${contentType}` : ''}`,
        ]),
        ['Cover', coverOf(fax)],
        ['Cover text', fax.coverPageText],
        ['Resolution', fax.faxResolution],
        ['Send at', fax.sendTime],
        ['User', fax.user],
      ]),
    ),
});

/** The style and the displayed word for each state of a fax in the outbox. */
const outboxWords = {
  waiting: ['busy', 'waiting'],
  sending: ['busy', 'sending'],
  unclear: ['busy', 'unclear'],
  sent: ['good', 'sent'],
  given_up: ['bad', 'given up'],
  withdrawn: ['bad', 'withdrawn'],
};
export const outboxWord = (state) => outboxWords[state] ?? ['bad', state];

export function outboxItem(fax) {
  const word = outboxWord(fax.state);
  const minutes = Math.floor(((fax.endedAtMs ?? Date.now()) - fax.createdAtMs) / 60_000);
  const age = minutes < 1 ? 'less than a minute' : `${minutes} min`;
  const others = fax.recipientCount - fax.recipients.length;
  return {
    key: `outbox ${fax.id}`,
    atMs: fax.createdAtMs,
    content: { fax, age },
    isFailed: word[0] === 'bad',
    numbers: fax.recipients,
    build: () =>
      card(
        'fax',
        'Fax',
        word,
        fax.createdAtMs,
        facts([
          ['To', fax.recipients.join(', ') + (others > 0 ? ` and ${others} more` : '')],
          ['Age', age],
          ['Unclear attempts', fax.unclearAttempts > 0 ? String(fax.unclearAttempts) : ''],
          ['Next try', fax.nextTryAtMs && time(fax.nextTryAtMs)],
          ['Ended', fax.endedAtMs && time(fax.endedAtMs)],
          ['Reason', fax.reason],
        ]),
      ),
  };
}
