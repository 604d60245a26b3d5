import { byId, facts, h, show, time } from './elements.js';

/*
 * The buttons that control the simulator, and the simulator's state.
 */

const limitNames = {
  heavy: 'calls, cancels, faxes',
  light: 'status, lists',
  medium: 'medium requests',
  auth: 'tokens',
};

/** Sends a control request and shows its outcome beside the button. */
async function sendControl(button, path, init, successText) {
  const result = button.closest('section').querySelector('[role=status]');
  try {
    const response = await fetch(path, { headers: { 'content-type': 'application/json' }, ...init });
    result.textContent = response.ok ? successText : await response.text();
  } catch {
    result.textContent = 'The local stack did not answer: nothing was done.';
  }
}

export function openControls(simulatorPath) {
  byId('fault-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const body = `{"kind":${JSON.stringify(byId('fault-kind').value)},"fault":${byId('fault').value}}`;
    void sendControl(event.target, `${simulatorPath}faults`, { method: 'POST', body }, 'Armed.');
  });
  for (const button of document.querySelectorAll('[data-control]')) {
    const { control: name, method = 'POST', body } = button.dataset;
    const successText = `${button.textContent.trim()}: done.`;
    button.addEventListener(
      'click',
      () => void sendControl(button, simulatorPath + name, { method, body }, successText),
    );
    button.closest('section').hidden = button.hidden = false;
  }
}

/** Returns the text of a form's option, so that the lists name requests as the form does. */
const optionText = (id, value) => [...byId(id).options].find((option) => option.value === value)?.textContent ?? value;

export function showControls({ faults, limits, clockAheadMs, nowMs }) {
  byId('armed').hidden = faults.length === 0;
  show(
    byId('armed-faults'),
    faults.map((fault, index) => ({
      key: String(index),
      content: fault,
      build: () =>
        h(
          'li',
          {},
          `${optionText('fault-kind', fault.kind)}: ${fault.fault}${fault.left > 1 ? `, ${fault.left} times` : ''}`,
        ),
    })),
  );
  const ahead = Math.round(clockAheadMs / 1000);
  byId('clock').replaceChildren(time(nowMs), ahead === 0 ? ', the real time' : `, ${ahead} s ahead of the real time`);
  show(byId('limits'), [
    {
      key: 'limits',
      content: limits,
      build: () => limitFacts(limits),
    },
  ]);
}

function limitFacts(limits) {
  const isOneSubject = new Set(limits.map(({ subject }) => subject)).size === 1;
  return facts(
    limits.map(({ group, subject, limit, left, closedUntilMs }) => [
      limitNames[group],
      [
        `${left} of ${limit} left${isOneSubject ? '' : ` for ${subject}`}`,
        ...(closedUntilMs ? [h('span', { class: 'bad' }, ', closed until ', time(closedUntilMs))] : []),
      ],
    ]),
  );
}
