import { callTimeline } from '../../infra/local/simulator/ring-out.ts';
import { json, localTest, placeCall, plain, ringout, users, type World } from './world.ts';

const numbers = { To: '6505550100', From: '6505551550' };

/** `cmd=cancel`. */
export function describeCancel(world: () => World): void {
  const cancel = (sessionId: string, more: Readonly<Record<string, string>> = {}) =>
    world().ask(ringout({ cmd: 'cancel', SessionID: sessionId, ...more }));

  localTest('stops a call that still rings', async () => {
    const sessionId = await placeCall(world(), { ...users.dana, ...numbers });
    expect(await cancel(sessionId)).toEqual(plain(`OK ${sessionId}`));
    expect(world().simulator.calls.map(({ cancelledAtMs }) => cancelledAtMs)).toEqual([world().simulator.nowMs()]);
  });

  localTest('of a call that talks is answered the same and leaves it alone', async () => {
    const sessionId = await placeCall(world(), { ...users.dana, ...numbers });
    world().simulator.advanceClock(callTimeline.destinationAnswers);
    expect(await cancel(sessionId)).toEqual(plain(`OK ${sessionId}`));
    expect(world().simulator.calls.map(({ cancelledAtMs }) => cancelledAtMs)).toEqual([undefined]);
  });

  localTest.each([
    ['an error', { status: 500 }],
    ['a broken connection', 'reset-after'],
  ] as const)('of a call is answered the same when RingCentral answers with %s', async (_name, fault) => {
    const sessionId = await placeCall(world(), { ...users.dana, ...numbers });
    world().simulator.failNext('cancel', fault, 2);
    expect(await cancel(sessionId)).toEqual(plain(`OK ${sessionId}`));
  });

  test.each([
    ['100000001', 'OK 100000001'],
    ['18', 'OK 18'],
    ['', 'OK 0'],
    ['no such id', 'OK 0'],
  ])('of the unknown id %j is answered the same', async (sessionId, text) => {
    expect(await cancel(sessionId)).toEqual(plain(text));
  });

  localTest('with format=json is an empty object', async () => {
    const sessionId = await placeCall(world(), { ...users.dana, ...numbers });
    expect(await cancel(sessionId, { format: 'json' })).toEqual(json(200, {}));
  });

  test('with format=json of an unknown session is a 404', async () => {
    expect(await cancel('100000001', { format: 'json' })).toEqual(
      json(404, { errorCode: 'SESSION_UNKNOWN', message: 'There is no such session' }),
    );
  });
}
