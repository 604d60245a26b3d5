import type { Fault, FaultKind } from '../../infra/local/simulator/faults.ts';
import { users } from './users.ts';
import { json, localTest, plain, ringout, type World } from './world.ts';

const numbers = { To: '6505550100', From: '6505551550' };
const rest = (status: number, errorCode: string): Fault => ({ status, body: { errorCode, message: 'demo' } });

/** The answers to failures: status 200, a reason, and no "ok" in it. */
export function describeFailures(world: () => World): void {
  test.each([
    ['an unknown cmd', { cmd: 'ping' }],
    ['no cmd', {}],
    ['an empty cmd', { cmd: '' }],
  ])('%s is answered with FAILED and status 200', async (_name, fields) => {
    expect(await world().ask(ringout({ ...users.dana, ...fields }))).toEqual(
      plain('FAILED The cmd parameter must be list, call, status or cancel'),
    );
  });

  localTest.each([
    ['an invalid destination', { ...numbers, To: '6505550107' }, 'RingCentral does not accept the To number'],
    ['an invalid call-back number', { ...numbers, From: '6505550112' }, 'RingCentral does not accept the From number'],
    [
      "a caller id that is not the user's",
      { ...numbers, Clid: '6505550111' },
      'RingCentral does not allow this user the Clid number as caller id',
    ],
    ['a blocked destination', { ...numbers, To: '6505550108' }, 'The To number is on a list of blocked numbers'],
    [
      'international calls that are disabled',
      { ...numbers, To: '6505550109' },
      'International calls or another feature needed here is disabled for this user',
    ],
  ])('%s is answered with its own reason', async (_name, fields, reason) => {
    expect(await world().ask(ringout({ cmd: 'call', ...users.dana, ...fields }))).toEqual(plain(`FAILED ${reason}`));
  });

  const faults: readonly (readonly [string, FaultKind, Fault, string])[] = [
    [
      'a missing permission of the application',
      'ring-out',
      rest(403, 'CMN-401'),
      'The RingCentral application of this service lacks the permission for this',
    ],
    [
      'a missing permission of the user',
      'ring-out',
      rest(403, 'CMN-408'),
      'The RingCentral user lacks the permission for this',
    ],
    ['a refusal with an unknown code', 'ring-out', rest(400, 'CMN-999'), 'RingCentral refused the request (CMN-999)'],
    [
      'an error that leaves open whether the phone rings',
      'ring-out',
      { status: 500 },
      'RingCentral did not confirm the call, which may have been placed',
    ],
    [
      'a connection that breaks after the order',
      'ring-out',
      'reset-after',
      'RingCentral did not confirm the call, which may have been placed',
    ],
  ];
  localTest.each(faults)('%s is answered with its own reason', async (_name, kind, fault, reason) => {
    world().simulator.failNext(kind, fault);
    expect(await world().ask(ringout({ cmd: 'call', ...users.dana, ...numbers }))).toEqual(plain(`FAILED ${reason}`));
    expect(world().simulator.requests.filter((request) => request.kind === 'ring-out')).toHaveLength(1);
  });

  localTest('too many requests are answered with the wait, and nothing is sent meanwhile', async () => {
    const { simulator } = world();
    simulator.failNext('ring-out', { status: 429, headers: { 'retry-after': '30' } });
    const call = () => world().ask(ringout({ cmd: 'call', ...users.busy, ...numbers }));
    const reason =
      /^FAILED RingCentral could not be reached because this user sent too many requests, try again in (?:29|30) seconds$/;
    expect(await call()).toEqual({ ...plain(''), text: expect.stringMatching(reason) });
    expect(await call()).toEqual({ ...plain(''), text: expect.stringMatching(reason) });
    expect(simulator.requests.filter(({ kind }) => kind === 'ring-out')).toHaveLength(1);
  });

  describe('format=json', () => {
    test.each([
      [
        'credentials',
        { cmd: 'list', ...users.dana, Password: 'not the password' },
        401,
        'CREDENTIALS',
        'Invalid User or Password',
      ],
      ['an unknown cmd', { cmd: 'ping' }, 400, 'COMMAND', 'The cmd parameter must be list, call, status or cancel'],
      ['no To', { cmd: 'call', ...users.dana }, 400, 'TO_MISSING', 'The To number is missing'],
    ])('%s has its own HTTP status', async (_name, fields, status, errorCode, message) => {
      expect(await world().ask(ringout({ ...fields, format: 'json' }))).toEqual(json(status, { errorCode, message }));
    });

    localTest("a refusal by RingCentral has RingCentral's code", async () => {
      const fields = { cmd: 'call', ...users.dana, ...numbers, To: '6505550108', format: 'json' };
      expect(await world().ask(ringout(fields))).toEqual(
        json(403, { errorCode: 'TEL-101', message: 'The To number is on a list of blocked numbers' }),
      );
    });
  });
}
