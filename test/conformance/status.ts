import { callTimeline } from '../../infra/local/simulator/ring-out.ts';
import { field } from '../multipart.ts';
import { query, type RequestParts } from './requests.ts';
import { users } from './users.ts';
import { faxPost, formPost, json, localTest, placeCall, plain, ringout, type World } from './world.ts';

const from = '6505551550';
const fromShown = '+16505551550';

/** Session ids that the product never returned, and the id in the answer to each. */
export const unknownIds: readonly (readonly [name: string, sessionId: string, echo: string])[] = [
  ['an unknown id', '100000001', '100000001'],
  ['an id of the old server', '18', '18'],
  ['an id of RingCentral', 'Y3MxNzE4NDkwODA4NTU0', 'Y3MxNzE4NDkwODA4NTU0'],
  ['white space around it', ' 100000001 ', '100000001'],
  ['zeros in front of an id', '0100000001', '0100000001'],
  ['unreserved characters', 'a-b_c.d~e', 'a-b_c.d~e'],
  ['64 characters', '1'.repeat(64), '1'.repeat(64)],
  ['65 characters', '1'.repeat(65), '0'],
  ['no id', '', '0'],
  ['a space inside', '1 2', '0'],
  ['a semicolon', '1;2', '0'],
  ['markup', '<b>1</b>', '0'],
  ['a path', '../token', '0'],
  ['a line end', '1\r\n2', '0'],
  ['other digits', '١٢٣٤٥٦٧٨٩', '0'],
];

/** `cmd=status`. */
export function describeStatus(world: () => World): void {
  const ask = (sessionId: string, more: Readonly<Record<string, string>> = {}) =>
    world().ask(ringout({ cmd: 'status', SessionID: sessionId, ...more }));
  /** Places a call, advances the clock and polls. */
  const statusAfter = async (ms: number, numbers: Readonly<Record<string, string>>, credentials = users.dana) => {
    const sessionId = await placeCall(world(), { ...credentials, From: from, ...numbers });
    world().simulator.advanceClock(ms);
    return { sessionId, answer: await ask(sessionId) };
  };

  localTest('shows each state of a call from ringing to its end, with both numbers', async () => {
    const { simulator } = world();
    const sessionId = await placeCall(world(), { ...users.dana, To: '(650) 555-0100', From: from, Prompt: '1' });
    const seen: string[] = [];
    const { callBackAnswers, destinationAnswers, hangUp, lingers } = callTimeline;
    for (const atMs of [0, callBackAnswers, destinationAnswers, hangUp, hangUp + lingers]) {
      simulator.advanceClock(atMs - (simulator.nowMs() - (simulator.calls[0]?.placedAtMs ?? 0)));
      seen.push((await ask(sessionId)).text);
    }
    expect(seen).toEqual([
      `OK ${sessionId} 1;+16505550100;1;${fromShown};1`,
      `OK ${sessionId} 1;+16505550100;1;${fromShown};0`,
      `OK ${sessionId} 0;+16505550100;0;${fromShown};0`,
      `OK ${sessionId} 6;+16505550100;6;${fromShown};6`,
      `OK ${sessionId} `,
    ]);
  });

  localTest.each([
    ['busy', '0101', '2;+16505550101;2;+16505551550;0'],
    ['not answering', '0102', '3;+16505550102;3;+16505551550;0'],
    ['rejecting', '0103', '4;+16505550103;4;+16505551550;0'],
    ['blocked', '0105', '8;+16505550105;8;+16505551550;0'],
    ['abroad where the user may not call', '0106', '7;+16505550106;7;+16505551550;0'],
    ['failing', '0110', '5;+16505550110;5;+16505551550;0'],
  ])('shows a destination that is %s', async (_name, lastDigits, groups) => {
    const { sessionId, answer } = await statusAfter(callTimeline.destinationAnswers, { To: `650555${lastDigits}` });
    expect(answer).toEqual(plain(`OK ${sessionId} ${groups}`));
  });

  localTest('shows that the call-back party rejects the call', async () => {
    const rejecting = { To: '6505550100', From: '6505550104' };
    const { sessionId, answer } = await statusAfter(callTimeline.callBackAnswers, rejecting);
    expect(answer).toEqual(plain(`OK ${sessionId} 2;+16505550100;5;+16505550104;4`));
  });

  localTest('answers for a call that is over without asking RingCentral again', async () => {
    const { simulator } = world();
    const { sessionId } = await statusAfter(
      callTimeline.hangUp + callTimeline.lingers,
      { To: '6505550100' },
      users.accented,
    );
    const asked = simulator.requests.length;
    expect([await ask(sessionId), simulator.requests.length]).toEqual([plain(`OK ${sessionId} `), asked]);
  });

  test.each(unknownIds)(
    'of %s is answered as for a call that is over, never with an error',
    async (_name, sessionId, echo) => {
      expect(await ask(sessionId)).toEqual(plain(`OK ${echo} `));
    },
  );

  localTest('of an unknown id makes no request to RingCentral', async () => {
    await ask('100000001');
    expect(world().simulator.requests).toEqual([]);
  });

  test('without SessionID is answered as for a call that is over, with the id 0', async () => {
    expect(await world().ask('/ringout.asp?cmd=status')).toEqual(plain('OK 0 '));
  });

  localTest.each<[string, (sessionId: string) => RequestParts | string]>([
    ['in lower case', (sessionid) => ringout({ CMD: 'STATUS', sessionid })],
    ['in a form', (sessionId) => formPost({ cmd: 'status', sessionId })],
    [
      'in query and form',
      (SessionID) => ({
        ...formPost({ cmd: 'status', SessionID }),
        target: ringout({ cmd: 'status', SessionID }),
      }),
    ],
    [
      'in a multipart body',
      (sessionId) => ({ ...faxPost([field('cmd', 'status'), field('SessionID', sessionId)]), target: '/ringout.asp' }),
    ],
    [
      'with the ws of the call and a cache buster',
      (SessionID) => ringout({ cmd: 'status', SessionID, ws: '.62', t: '1' }),
    ],
    ['at its own path', (SessionID) => `/ringout/status?${query({ SessionID })}`],
  ])('is found by the session id %s', async (_name, request) => {
    const sessionId = await placeCall(world(), { ...users.dana, To: '6505550100', From: from });
    expect(await world().ask(request(sessionId))).toEqual(plain(`OK ${sessionId} 1;+16505550100;1;${fromShown};1`));
  });

  localTest('needs no credentials and ignores wrong ones', async () => {
    const { sessionId } = await statusAfter(0, { To: '6505550100' });
    const groups = plain(`OK ${sessionId} 1;+16505550100;1;${fromShown};1`);
    expect(await ask(sessionId)).toEqual(groups);
    expect(await ask(sessionId, { ...users.dana, Password: 'not the password' })).toEqual(groups);
  });

  describe('format=json', () => {
    localTest('shows the ring-out resource under our session id', async () => {
      const { sessionId } = await statusAfter(callTimeline.destinationAnswers, { To: '6505550100' }, users.accented);
      expect(await ask(sessionId, { format: 'json' })).toEqual(
        json(200, {
          id: sessionId,
          status: { callStatus: 'Success', callerStatus: 'Success', calleeStatus: 'Success' },
        }),
      );
    });

    const unknown = json(404, { errorCode: 'SESSION_UNKNOWN', message: 'There is no such session' });
    test.each(['100000001', '<', ''])('of an unknown session is a 404', async (sessionId) => {
      expect(await ask(sessionId, { format: 'json' })).toEqual(unknown);
    });

    localTest('of a call that is over is a 404', async () => {
      const { sessionId } = await statusAfter(60_000, { To: '6505550100' });
      expect(await ask(sessionId, { format: 'json' })).toEqual(unknown);
    });
  });

  describe('format=html', () => {
    const page = (...lines: readonly string[]) => ({
      status: 200,
      type: 'text/html; charset=utf-8',
      text: ['<!DOCTYPE html>', '<html lang="en">', ...lines, '</html>'].join('\n'),
    });
    const head = (...links: readonly string[]) => [
      '<head>',
      '<meta charset="utf-8">',
      '<title>RingOut status</title>',
      ...links,
      '</head>',
    ];
    const over = (echo: string) => [
      '<body>',
      `<p class="session">RingOut session ${echo}</p>`,
      '<p class="general">The call is over</p>',
      '</body>',
    ];

    localTest('is a page with the status in words and the style sheet linked', async () => {
      const { sessionId } = await statusAfter(0, { To: '6505550100' }, users.accented);
      expect(await ask(sessionId, { format: 'html', css: 'https://crm.example/call.css?a=1&b="2"' })).toEqual(
        page(
          ...head('<link rel="stylesheet" href="https://crm.example/call.css?a=1&amp;b=%222%22">'),
          '<body>',
          `<p class="session">RingOut session ${sessionId}</p>`,
          '<p class="general">In Progress</p>',
          '<dl>',
          '<dt>Destination +16505550100</dt>',
          '<dd class="destination">In Progress</dd>',
          `<dt>Call-back ${fromShown}</dt>`,
          '<dd class="call-back">In Progress</dd>',
          '</dl>',
          '</body>',
        ),
      );
    });

    test('of an unknown session says that the call is over', async () => {
      expect(await ask('100000001', { format: 'HTML' })).toEqual(page(...head(), ...over('100000001')));
    });

    test.each(['javascript:alert(1)', 'data:text/css,*{}', '/call.css', 'ftp://x/a.css', '"><script>', ''])(
      'links no style sheet %s',
      async (css) => {
        expect(await ask('<script>', { format: 'html', css })).toEqual(page(...head(), ...over('0')));
      },
    );

    localTest('of a failure is a page', async () => {
      const { sessionId } = await statusAfter(0, { To: '6505550100' }, users.accented);
      world().simulator.failNext('status', { status: 403, body: { errors: [{ errorCode: 'CMN-401' }] } });
      expect(await ask(sessionId, { format: 'html' })).toEqual(
        page(
          ...head(),
          '<body>',
          '<p class="failure">FAILED The RingCentral application of this service lacks the permission for this</p>',
          '</body>',
        ),
      );
    });
  });
}
