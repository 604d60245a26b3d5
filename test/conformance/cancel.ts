import { callTimeline } from '../../infra/local/simulator/ring-out.ts';
import { query, type RequestParts } from './requests.ts';
import { unknownIds } from './status.ts';
import { users } from './users.ts';
import { formPost, json, localTest, placeCall, plain, ringout, type World } from './world.ts';

const numbers = { To: '6505550100', From: '6505551550' };

/** `cmd=cancel`. */
export function describeCancel(world: () => World): void {
  const cancel = (sessionId: string, more: Readonly<Record<string, string>> = {}) =>
    world().ask(ringout({ cmd: 'cancel', SessionID: sessionId, ...more }));

  localTest('stops a call that still rings', async () => {
    const sessionId = await placeCall(world(), { ...users.dana, ...numbers });
    expect(await cancel(sessionId)).toEqual(plain(`OK ${sessionId}`));
    const { simulator } = world();
    const [call] = simulator.calls;
    expect(call?.cancelledAtMs).toBe(simulator.nowMs());
    expect(
      simulator.requests.filter(({ kind }) => kind === 'cancel').map(({ method, path }) => [method, path]),
    ).toEqual([['DELETE', `/restapi/v1.0/account/~/extension/~/ring-out/${call?.id}`]]);
  });

  localTest.each<[string, (sessionId: string) => RequestParts | string]>([
    ['in a form', (sessionid) => formPost({ CMD: 'Cancel', sessionid })],
    ['at its own path', (SessionID) => `/ringout/cancel?${query({ SessionID })}`],
    [
      'with wrong credentials',
      (SessionID) => ringout({ cmd: 'cancel', SessionID, ...users.dana, Password: 'not the password' }),
    ],
    ['with format=html', (SessionID) => ringout({ cmd: 'cancel', SessionID, format: 'html' })],
  ])('stops a call that still rings when it is sent %s', async (_name, request) => {
    const sessionId = await placeCall(world(), { ...users.dana, ...numbers });
    expect(await world().ask(request(sessionId))).toEqual(plain(`OK ${sessionId}`));
    expect(world().simulator.calls.map(({ cancelledAtMs }) => cancelledAtMs)).toEqual([world().simulator.nowMs()]);
  });

  localTest('shows in the next status', async () => {
    const sessionId = await placeCall(world(), { ...users.dana, ...numbers });
    await cancel(sessionId);
    expect(await world().ask(ringout({ cmd: 'status', SessionID: sessionId }))).toEqual(
      plain(`OK ${sessionId} 2;+16505550100;5;+16505551550;4`),
    );
  });

  localTest('of a call that is over or already cancelled is answered with OK', async () => {
    const over = await placeCall(world(), { ...users.dana, ...numbers });
    world().simulator.advanceClock(60_000);
    expect(await cancel(over)).toEqual(plain(`OK ${over}`));
    const twice = await placeCall(world(), { ...users.dana, ...numbers });
    for (const _ of ['once', 'again']) expect(await cancel(twice)).toEqual(plain(`OK ${twice}`));
  });

  localTest('of a connected call is answered with OK and does not end the call', async () => {
    const sessionId = await placeCall(world(), { ...users.dana, ...numbers });
    world().simulator.advanceClock(callTimeline.destinationAnswers);
    expect(await cancel(sessionId)).toEqual(plain(`OK ${sessionId}`));
    expect(world().simulator.calls.map(({ cancelledAtMs }) => cancelledAtMs)).toEqual([undefined]);
  });

  test.each(unknownIds.map(([, sessionId, echo]) => [sessionId, echo] as const))(
    'of the unknown id %j is answered with OK',
    async (sessionId, echo) => {
      expect(await cancel(sessionId)).toEqual(plain(`OK ${echo}`));
    },
  );

  localTest('with format=json is an empty object', async () => {
    const sessionId = await placeCall(world(), { ...users.dana, ...numbers });
    for (const _ of ['once', 'again']) expect(await cancel(sessionId, { format: 'json' })).toEqual(json(200, {}));
  });

  test('with format=json of an unknown session is a 404', async () => {
    expect(await cancel('100000001', { format: 'json' })).toEqual(
      json(404, { errorCode: 'SESSION_UNKNOWN', message: 'There is no such session' }),
    );
  });
}
