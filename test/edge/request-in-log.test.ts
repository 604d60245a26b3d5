import { readEvent } from '../../lib/edge/event.ts';
import { readForm } from '../../lib/edge/form.ts';
import { requestInLog } from '../../lib/edge/request-in-log.ts';
import { formPost, gatewayEvent, multipartPost, type EventOptions } from '../gateway-event.ts';
import { field } from '../multipart.ts';

/** The logged fields without the source address. */
function logged(options: EventOptions): Record<string, unknown> {
  const request = readEvent(gatewayEvent(options));
  const { sourceIp, ...rest } = requestInLog(request, readForm(request).fields);
  expect(sourceIp).toBe('198.51.100.7');
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
}

const recipient = (value: string, name = 'Recipient') => field(name, value);
const agent = (value: string): EventOptions => ({ headers: { 'User-Agent': value } });

test.each<[string, EventOptions, Record<string, unknown>]>([
  ['only the address for an empty request', {}, {}],
  [
    'both numbers of a call, by the digits sent',
    { query: { cmd: 'call', To: '(650) 555-0100', From: '+1 650.555.0130 x' } },
    { to: '****0100', from: '****0130' },
  ],
  ['an invalid number, hidden', { query: { To: 'Ann', From: '911' } }, { to: '****', from: '****' }],
  [
    'nothing of a text that is longer than any number',
    { query: { To: '6505550100'.padStart(101, '-') } },
    { to: '****' },
  ],
  ['a recipient without its name', multipartPost([recipient('6505550100|Suite 4711')]), { to: '****0100' }],
  [
    'the first five recipients, under any of their names',
    multipartPost([
      recipient('6505550101', 'Recipient[0]'),
      recipient('6505550102', 'recipient[]'),
      ...[3, 4, 5, 6].map((last) => recipient(`650555010${last}`)),
    ]),
    { to: '****0101 ****0102 ****0103 ****0104 ****0105' },
  ],
  ['the end of a session id', formPost({ cmd: 'status', SessionID: '482913057' }), { session: '***057' }],
  ['an invalid session id, hidden', { query: { SessionID: '12345678901' } }, { session: '***' }],
  ['the user agent', agent('Nightly Fax/1.0'), { userAgent: 'Nightly Fax/1.0' }],
  ['sixty characters of a long user agent', agent('x'.repeat(61)), { userAgent: 'x'.repeat(60) }],
  ['the printable characters of a user agent', agent('a\u001b[2Jb\u00e9\tc'), { userAgent: 'a[2Jbc' }],
  ['no full phone number of a user agent', agent('Dialer 6505550100'), { userAgent: 'Dialer ****0100' }],
])('the log has %s', (_, options, wanted) => {
  expect(logged(options)).toEqual(wanted);
});
