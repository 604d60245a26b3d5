import { controlAnswer } from '../../infra/local/simulator/console.ts';
import { faultKinds, faultNames, readFaultOrder } from '../../infra/local/simulator/faults.ts';
import { ringCentralLimits } from '../../infra/local/simulator/rate-limit.ts';
import { extensionUrl, openSimulator, seen, type SimulatorClient } from '../infra/local/simulator/fixture.ts';
import { readDocument, section } from './documents.ts';

const page = readDocument('docs/dev/simulator.md');
const cells = (title: string): readonly (readonly string[])[] =>
  section(page, title)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    )
    .filter(([first]) => !/^-+$/.test(first ?? ''));

describe('the numbers with an outcome of their own', () => {
  let client: SimulatorClient;
  beforeAll(async () => {
    client = await openSimulator();
  });
  afterAll(() => client.simulator.close());

  /** Returns the outcome of a call in the page's words, or undefined when both sides answer. */
  async function fate(which: 'To' | 'From' | 'caller id', ending: string): Promise<string | undefined> {
    const headers = await client.login();
    const number = (as: typeof which): { phoneNumber: string } => ({
      phoneNumber: `+1650555${as === which ? ending : '0199'}`,
    });
    const order = { from: number('From'), to: number('To'), callerId: number('caller id') };
    const placed = await client.postJson(`${extensionUrl}/ring-out`, order, headers);
    const { status: httpStatus, body } = await seen(placed);
    const { id, errorCode } = body as { readonly id?: string; readonly errorCode?: string };
    if (httpStatus !== 200) return `refused at once: ${httpStatus} \`${errorCode}\``;
    client.pass(8000);
    const { status } = (await seen(await client.send(`${extensionUrl}/ring-out/${id}`, { headers }))).body as {
      readonly status: { readonly callerStatus: string; readonly calleeStatus: string };
    };
    if (status.callerStatus !== 'Success') return `call-back leg \`${status.callerStatus}\``;
    return status.calleeStatus === 'Success' ? undefined : `destination leg \`${status.calleeStatus}\``;
  }

  test.each(['To', 'From', 'caller id'] as const)(
    '%s: the page has exactly these numbers and outcomes',
    async (which) => {
      const found: string[] = [];
      for (let ending = 100; ending < 120; ending += 1) {
        const outcome = await fate(which, `0${ending}`);
        if (outcome !== undefined) found.push(`0${ending} ${outcome}`);
      }
      const written = cells('Numbers and what becomes of a call')
        .filter(([number]) => number === which)
        .map(([, ending, outcome]) => `${ending} ${outcome?.replace(/,.*/, '')}`);
      expect(written.toSorted()).toEqual(found);
    },
  );
});

test('the page has the limits of the simulator', () => {
  const { heavy, light, auth } = ringCentralLimits;
  expect(section(page, 'Limits').replaceAll(/\s+/g, ' ')).toContain(
    `per user and minute: ${heavy} heavy requests (call, cancel and fax together), ${light} light ones (status and lists), ${auth} for tokens.`,
  );
});

describe('the faults', () => {
  const text = section(page, 'Faults');

  test('are all on the page, with the kinds of requests that they apply to', () => {
    const named = cells('Faults').map(([fault = '']) => fault.replaceAll('`', ''));
    expect(named.filter((name) => !name.startsWith('{')).toSorted()).toEqual([...faultNames].toSorted());
    const kinds = /The kinds are ([^.]+)\./.exec(text)?.[1] ?? '';
    expect([...kinds.matchAll(/`([\w-]+)`/g)].map(([, kind]) => kind)).toEqual(faultKinds);
  });

  test.each([...text.matchAll(/^curl -d '([^']+)'/gm)].map(([, body = '']) => body))('%s can be armed', (body) => {
    expect(typeof readFaultOrder(JSON.parse(body))).toBe('object');
  });

  test.each(cells('Faults').map(([fault = '']) => fault.replaceAll('`', '')))('%s is accepted as a fault', (name) => {
    const fault: unknown = name.startsWith('{') ? JSON.parse(name) : name;
    expect(readFaultOrder({ kind: 'any', fault })).toEqual({ kind: 'any', fault, times: 1 });
  });
});

test.each(
  cells('Looking and steering').map(([request = '', body = '']) => [request.replaceAll('`', ''), body] as const),
)('the control request %s is answered 200', (request, body) => {
  const [method = '', name = ''] = request.split(' ');
  const value: unknown = body.startsWith('`') ? JSON.parse(body.replaceAll('`', '')) : { kind: 'any', fault: 'hang' };
  const nothing = (): void => {};
  const answer = controlAnswer(
    method,
    `/__simulator/${name}`,
    { kind: 'json', value },
    {
      requests: [],
      calls: [],
      faxes: [],
      nowMs: () => 0,
      clockAheadMs: () => 0,
      limits: () => [],
      failNext: nothing,
      armedFaults: () => [],
      disarmFaults: nothing,
      setLatency: nothing,
      setMessageList: nothing,
      refuseConnections: nothing,
      advanceClock: nothing,
      revokeAllTokens: nothing,
      reset: nothing,
    },
  );
  expect(answer?.status).toBe(200);
});
