import { answerElements, commandOf, isFailure } from './answers.js';
import { outboxWord } from './cards.js';
import { badge, facts, h, time } from './elements.js';

/*
 * The list of requests: each legacy request with its answer, the reason in the log, and the REST requests it caused.
 */

const fields = (list) => list.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('\n');

function statusBadge(status, isPending) {
  if (status === undefined) return isPending ? badge('busy', 'asked') : badge('bad', 'no answer');
  return badge(status < 300 ? 'good' : 'bad', String(status));
}

function restDetails(request, isPending = false) {
  const shownPath = request.path
    .replace('/restapi/v1.0/account/~/extension/~', '…')
    .replace(/(\/ring-out\/.{4}).+$/, '$1…');
  const query = Object.entries(request.query)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const hasBody = request.body !== undefined;
  const { authorization = '(none)', 'content-type': contentType } = request.headers;
  const lines = [
    `${request.method} ${request.path}`,
    `authorization: ${authorization}`,
    hasBody && contentType ? `content-type: ${contentType}` : '',
    request.fault ? `met the fault: ${request.fault}` : '',
    hasBody ? `\n${JSON.stringify(request.body, null, 2)}` : '',
  ];
  return h(
    'details',
    {},
    h(
      'summary',
      { class: 'mono' },
      h('span', {}, h('b', {}, request.method), ` ${shownPath}${query ? `?${query}` : ''}`),
      statusBadge(request.status, isPending),
    ),
    h('pre', {}, lines.filter(Boolean).join('\n')),
  );
}

const words = (...content) => h('p', { class: 'words' }, ...content);

/** Returns a heading about RingCentral's part in an exchange, and the elements below it. */
function askedElements({ exchange, rest, first, fax, hasSimulator }) {
  const { answer, joined } = exchange;
  const details = rest.map((request) => restDetails(request, answer === undefined));
  if (joined) {
    const which = first ? ['the request of ', time(first.atMs)] : ['an earlier request'];
    return ['RingCentral was not asked again', words('Joined: same as ', ...which, ', not placed again'), ...details];
  }
  const inOutbox =
    fax &&
    words(
      `In the outbox: ${outboxWord(fax.state)[1]}`,
      fax.reason ? ` (${fax.reason})` : '',
      ...(fax.nextTryAtMs ? [', next try ', time(fax.nextTryAtMs)] : []),
    );
  if (!hasSimulator) {
    const why = 'The bridge asks RingCentral itself with your own account; look there for calls and faxes.';
    return ['What RingCentral was asked is not seen here', words(why), inOutbox];
  }
  if (details.length > 0) return ['RingCentral requests it caused', ...details, inOutbox];
  if (answer === undefined) return ['RingCentral has not been asked yet'];
  return exchange.fax ? ['RingCentral is asked from the outbox', inOutbox] : ['RingCentral was not asked'];
}

function exchangeEntry(content) {
  const { exchange } = content;
  const command = commandOf(exchange);
  const failed = isFailure(command, exchange);
  const [asked, ...below] = askedElements(content);
  return h(
    'li',
    { class: 'entry' },
    h(
      'header',
      {},
      h('h3', {}, command ?? exchange.path),
      exchange.answer === undefined
        ? badge('busy', 'being answered')
        : badge(failed ? 'bad' : 'good', failed ? 'failed' : `${exchange.durationMs} ms`),
      exchange.joined ? badge('over', 'joined') : undefined,
      time(exchange.atMs),
    ),
    h(
      'div',
      { class: 'sides' },
      h(
        'div',
        { class: 'wide' },
        h('h4', {}, 'Answer'),
        ...answerElements(command, exchange),
        exchange.logged.length > 0 ? facts(exchange.logged.map(({ name, value }) => [name, value])) : undefined,
      ),
      h(
        'div',
        {},
        h('h4', {}, 'Legacy request'),
        h(
          'pre',
          { class: 'request' },
          [`${exchange.method} ${exchange.path}`, fields(exchange.query), fields(exchange.body)]
            .filter(Boolean)
            .join('\n'),
        ),
      ),
      h('div', {}, h('h4', {}, asked), ...below),
    ),
  );
}

function exchangeItem(content) {
  const { exchange } = content;
  return {
    key: `exchange ${exchange.number}`,
    atMs: exchange.atMs,
    content,
    isFailed: isFailure(commandOf(exchange), exchange) || exchange.logged.some(({ name }) => name === 'code'),
    numbers: [...exchange.query, ...exchange.body].map(({ value }) => value).concat(exchange.answer ?? ''),
    build: () => exchangeEntry(content),
  };
}

const requestItem = (request) => ({
  key: `request ${request.number}`,
  atMs: request.atMs,
  content: request,
  isFailed: !(request.status < 300),
  numbers: [JSON.stringify(request.body ?? ''), request.user ?? ''],
  build: () =>
    h('li', { class: 'entry' }, h('header', {}, h('h3', {}, request.kind), time(request.atMs)), restDetails(request)),
});

/**
 * Builds one item per exchange, with its REST requests. A REST request belongs to the newest exchange that was in
 * progress and had joined no other. Requests without an exchange get their own items.
 */
export function timelineItems({ exchanges, requests, outbox, hasSimulator }) {
  const caused = new Map(exchanges.map((exchange) => [exchange, []]));
  const alone = [];
  for (const request of requests) {
    const cause = exchanges.findLast(
      ({ atMs, durationMs = Infinity, joined }) => !joined && atMs <= request.atMs && request.atMs <= atMs + durationMs,
    );
    (cause ? caused.get(cause) : alone).push(request);
  }
  const withExchange = exchanges.map((exchange) =>
    exchangeItem({
      exchange,
      hasSimulator,
      rest: caused.get(exchange),
      first: exchange.joined && exchanges.find(({ requestId }) => requestId === exchange.joined),
      fax: exchange.fax && outbox.faxes.find(({ id }) => id === exchange.fax),
    }),
  );
  return [...withExchange, ...alone.map(requestItem)];
}
