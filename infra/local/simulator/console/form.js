import { answerElements } from './answers.js';
import { byId, h } from './elements.js';

/*
 * The form that sends legacy requests.
 */

const value = (id) => byId(id).value.trim();
const command = () => document.querySelector('input[name=command]:checked').value;

function showFields() {
  byId('command-name').textContent = command();
  for (const group of document.querySelectorAll('[data-for]')) {
    group.hidden = !group.dataset.for.split(' ').includes(command());
  }
}

function ringOutBody(cmd) {
  if (cmd === 'status' || cmd === 'cancel') return { cmd, SessionID: value('session') };
  const fields = { cmd, Username: value('username'), Ext: value('extension'), Password: byId('password').value };
  if (cmd === 'list') return fields;
  const callerId = value('caller-id');
  return {
    ...fields,
    To: value('to'),
    From: value('from'),
    ...(callerId !== '' && { Clid: callerId }),
    Prompt: byId('prompt').checked ? '1' : '0',
  };
}

const recipients = () => value('recipients').split(/\s*\n\s*/);

function faxBody() {
  const form = new FormData();
  const extension = value('extension');
  form.append('Username', value('username') + (extension === '' ? '' : `*${extension}`));
  form.append('Password', byId('password').value);
  for (const recipient of recipients()) form.append('Recipient', recipient);
  form.append('Coverpage', value('cover'));
  for (const [name, id] of [
    ['Coverpagetext', 'cover-text'],
    ['Resolution', 'resolution'],
    ['Sendtime', 'send-time'],
  ]) {
    if (value(id) !== '') form.append(name, value(id));
  }
  const files = [...byId('document').files];
  for (const file of files) form.append('Attachment', file, file.name);
  if (files.length === 0 && value('document-text') !== '') {
    form.append('Attachment', new Blob([byId('document-text').value], { type: 'text/plain' }), 'document.txt');
  }
  return form;
}

/** Describes what a command does to other people, for the confirmation. Returns undefined if it reaches nobody. */
function consequence(cmd) {
  if (cmd === 'call') return `${value('from') || 'your call-back number'} rings, and then ${value('to')}`;
  return cmd === 'fax' ? `the fax goes to ${recipients().join(', ')}` : undefined;
}

async function send(cmd) {
  const result = byId('result');
  result.replaceChildren(h('p', { class: 'note' }, `Sending ${cmd} …`));
  try {
    const response = await (cmd === 'fax'
      ? fetch('/faxapi.asp', { method: 'POST', body: faxBody() })
      : fetch('/ringout.asp', { method: 'POST', body: new URLSearchParams(ringOutBody(cmd)) }));
    const answer = await response.text();
    const session = cmd === 'call' ? /^OK (\S+) /.exec(answer)?.[1] : undefined;
    if (session) byId('session').value = session;
    const { status } = response;
    result.replaceChildren(
      h('p', {}, `Answer to ${cmd} (HTTP ${status}):`),
      ...answerElements(cmd, { answer, status }),
      // Repeats the failure's sentence below the answer, because the answer does not wrap in this narrow column.
      ...(answer.startsWith('FAILED ') ? [h('p', { class: 'words' }, answer.slice('FAILED '.length))] : []),
    );
  } catch {
    result.replaceChildren(h('p', { class: 'bad' }, 'The local stack did not answer.'));
  }
}

/** Fills in the form and shows it. If `simulator` is true, calls and faxes reach nobody and need no confirmation. */
export function openForm({ username, extension, password = '', simulator }) {
  byId('username').value = username;
  byId('extension').value = extension;
  byId('password').value = password;
  if (!simulator) {
    byId('to').value = byId('from').value = byId('recipients').value = '';
    byId('to-note').textContent = 'This is no simulation: the call is placed with your own account.';
    byId('outcomes').remove();
  }
  const form = byId('command-form');
  form.addEventListener('change', showFields);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const cmd = command();
    const happens = simulator ? undefined : consequence(cmd);
    if (happens && !confirm(`This is your own account: ${happens}. Send it?`)) return;
    void send(cmd);
  });
  showFields();
  form.closest('section').hidden = false;
}
