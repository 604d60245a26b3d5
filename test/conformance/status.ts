import { callTimeline } from '../../infra/local/simulator/ring-out.ts';
import { json, localTest, placeCall, plain, ringout, users, type World } from './world.ts';

const from = '6505551550';
const fromShown = '+16505551550';

/** `cmd=status`. */
export function describeStatus(world: () => World): void {
  const ask = (sessionId: string, more: Readonly<Record<string, string>> = {}) =>
    world().ask(ringout({ cmd: 'status', SessionID: sessionId, ...more }));
  /** Places a call, lets time pass and asks. */
  const statusAfter = async (ms: number, numbers: Readonly<Record<string, string>>, credentials = users.dana) => {
    const sessionId = await placeCall(world(), { ...credentials, From: from, ...numbers });
    world().simulator.advanceClock(ms);
    return { sessionId, answer: await ask(sessionId) };
  };

  localTest('follows a call from ringing to its end, with both numbers as they were called', async () => {
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
  ])('tells a destination that is %s', async (_name, lastDigits, groups) => {
    const { sessionId, answer } = await statusAfter(callTimeline.destinationAnswers, { To: `650555${lastDigits}` });
    expect(answer).toEqual(plain(`OK ${sessionId} ${groups}`));
  });

  localTest('tells that the call-back party rejects', async () => {
    const rejecting = { To: '6505550100', From: '6505550104' };
    const { sessionId, answer } = await statusAfter(callTimeline.callBackAnswers, rejecting);
    expect(answer).toEqual(plain(`OK ${sessionId} 2;+16505550100;5;+16505550104;4`));
  });

  localTest('a call that is over stays over, without asking again', async () => {
    const { simulator } = world();
    const { sessionId } = await statusAfter(
      callTimeline.hangUp + callTimeline.lingers,
      { To: '6505550100' },
      users.accented,
    );
    const asked = simulator.requests.length;
    expect([await ask(sessionId), simulator.requests.length]).toEqual([plain(`OK ${sessionId} `), asked]);
  });

  test.each([
    ['an id nobody was given', '100000001', 'OK 100000001 '],
    ['an id of the old server', '18', 'OK 18 '],
    ['an id of RingCentral', 'Y3MxNzE4NDkwODA4NTU0', 'OK Y3MxNzE4NDkwODA4NTU0 '],
    ['white space around it', ' 100000001 ', 'OK 100000001 '],
    ['no id', '', 'OK 0 '],
    ['markup', '<b>1</b>', 'OK 0 '],
    ['a line end', '1\r\n2', 'OK 0 '],
    ['a separator', '1;2', 'OK 0 '],
    ['65 characters', '1'.repeat(65), 'OK 0 '],
    ['64 characters', '1'.repeat(64), `OK ${'1'.repeat(64)} `],
    ['zeros in front of an id', '0100000001', 'OK 0100000001 '],
  ])('of %s is the completed form, never an error', async (_name, sessionId, text) => {
    expect(await ask(sessionId)).toEqual(plain(text));
  });

  test('without the parameter is the completed form of 0', async () => {
    expect(await world().ask('/ringout.asp?cmd=status')).toEqual(plain('OK 0 '));
  });

  localTest('needs no credentials and looks at none', async () => {
    const { sessionId } = await statusAfter(0, { To: '6505550100' });
    const groups = plain(`OK ${sessionId} 1;+16505550100;1;${fromShown};1`);
    expect(await ask(sessionId)).toEqual(groups);
    expect(await ask(sessionId, { ...users.dana, Password: 'not the password' })).toEqual(groups);
  });

  localTest.each([
    ['RingCentral reports an error', { status: 503 }],
    ['RingCentral is too busy', { status: 429, headers: { 'retry-after': '1' } }],
    ['the connection breaks twice', 'reset-before'],
    ['the answer cannot be read', 'not-json'],
  ] as const)('is the last known one while %s', async (_name, fault) => {
    const sessionId = await placeCall(world(), { ...users.busy, To: '6505550100', From: from });
    world().simulator.advanceClock(callTimeline.destinationAnswers);
    world().simulator.failNext('status', fault, 2);
    expect(await ask(sessionId)).toEqual(plain(`OK ${sessionId} 1;+16505550100;1;${fromShown};1`));
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

    test('of an unknown session is a 404', async () => {
      expect(await ask('100000001', { format: 'json' })).toEqual(
        json(404, { errorCode: 'SESSION_UNKNOWN', message: 'There is no such session' }),
      );
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
      expect(await ask(sessionId, { format: 'html', css: 'https://crm.example/call.css?a=1&b=2' })).toEqual(
        page(
          ...head('<link rel="stylesheet" href="https://crm.example/call.css?a=1&amp;b=2">'),
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

    test.each(['javascript:alert(1)', 'data:text/css,*{}', '/call.css', '"><script>'])(
      'links no style sheet %s',
      async (css) => {
        expect(await ask('<script>', { format: 'html', css })).toEqual(page(...head(), ...over('0')));
      },
    );
  });
}
