import { callItem, faxItem, outboxItem, outboxWord } from './cards.js';
import { openControls, showControls } from './controls.js';
import { byId, number } from './elements.js';
import { openForm } from './form.js';
import { showNewest } from './lists.js';
import { timelineItems } from './timeline.js';

/*
 * The local console. The gateway of the local stack serves all of it at /console. The simulator serves it without form,
 * legacy requests and outbox. It loads nothing from other servers, so the page works offline.
 */

const behindGateway = location.pathname.startsWith('/console');
const simulatorPath = behindGateway ? '/console/simulator/' : '/__simulator/';
const pollMs = 500;
const noAnswerText = 'The local stack does not answer';

function setConnection(text) {
  const element = byId('connection');
  if (element.textContent === text) return;
  element.textContent = text;
  element.classList.toggle('lost', text === noAnswerText);
}

const getJson = async (path) => {
  const response = await fetch(path, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
};

const nothing = {
  calls: [],
  faxes: [],
  requests: [],
  exchanges: [],
  nowMs: Infinity,
  outbox: { counts: {}, faxes: [] },
};
let latest = nothing;
let hasSimulator = !behindGateway;
let noCallsText = 'No call and no fax yet.';

async function poll() {
  try {
    const { exchanges, nowMs } = behindGateway ? await getJson('/console/exchanges') : nothing;
    const outbox = behindGateway ? await getJson('/console/faxes') : nothing.outbox;
    // Read last, and without requests newer than the exchanges: every exchange then has its requests, and vice versa.
    const state = hasSimulator ? await getJson(`${simulatorPath}state`) : nothing;
    const requests = state.requests.filter(({ atMs }) => atMs <= nowMs);
    announce(latest, state);
    latest = { ...state, requests, exchanges, outbox };
    showAll();
    if (hasSimulator) showControls(state);
    setConnection('Live');
  } catch {
    setConnection(noAnswerText);
  }
  setTimeout(() => void poll(), pollMs);
}

function showAll() {
  const { calls, faxes, outbox } = latest;
  showNewest('cards', [...calls.map(callItem), ...faxes.map(faxItem)], noCallsText);
  showNewest('outbox-faxes', outbox.faxes.map(outboxItem), '');
  showNewest('timeline', timelineItems({ ...latest, hasSimulator }), 'Nothing has been asked yet.');
  byId('outbox').hidden = outbox.faxes.length === 0;
  byId('outbox-counts').textContent = Object.entries(outbox.counts)
    .map(([state, count]) => `${count} ${outboxWord(state)[1]}`)
    .join(', ');
}

/** Announces new calls and faxes to screen readers. */
function announce(before, { calls, faxes }) {
  if (before === nothing) return;
  const news = [];
  if (calls.length > before.calls.length) news.push(`New call to ${number(calls.at(-1).to)}.`);
  if (faxes.length > before.faxes.length) news.push(`New fax to ${number(faxes.at(-1).to[0].phoneNumber)}.`);
  if (news.length > 0) byId('news').textContent = news.join(' ');
}

async function begin() {
  if (behindGateway) {
    const settings = await getJson('/console/settings');
    hasSimulator = settings.simulator;
    noCallsText = hasSimulator
      ? `${noCallsText} Send one with the form, or paste a line that npm start has printed.`
      : 'Without the simulator, look at RingCentral itself for calls and faxes.';
    openForm(settings);
  }
  if (hasSimulator) openControls(simulatorPath);
  byId('filter').addEventListener('input', showAll);
  byId('filter').addEventListener('submit', (event) => event.preventDefault());
  void poll();
}

begin().catch(() => setConnection(noAnswerText));
