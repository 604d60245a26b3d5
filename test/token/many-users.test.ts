import { demoUser, secretDocument, type DemoUser } from '../demo.ts';
import { ringout } from '../handlers.ts';
import { startProduct, type Product, type TestContainer } from '../product.ts';
import { startSimulator } from '../../infra/local/simulator/server.ts';
import { logged, scheduledRun } from './situation.ts';

let product: Product;
afterEach(() => product.close());

/** Twenty users of one account, each with a forwarding number that identifies the user. */
const twenty: readonly DemoUser[] = Array.from({ length: 20 }, (_, index) => ({
  username: '18889363711',
  extension: String(101 + index),
  jwt: `demo-jwt-${101 + index}`,
  legacyPassword: String(1000 + index),
  forwardingNumbers: [
    { id: '1', phoneNumber: `+1650555${1000 + index}`, label: `Of ${101 + index}`, features: ['CallForwarding'] },
  ],
}));

const listOf = (
  { username, extension, legacyPassword }: DemoUser,
  { ringout: handler }: TestContainer,
): Promise<string> =>
  ringout(handler, { cmd: 'list', Username: username, Ext: extension, Password: legacyPassword ?? '' });

describe('twenty users of one secret', () => {
  beforeEach(async () => {
    product = await startProduct({ users: twenty });
  });

  test('never see each other’s tokens, numbers or calls, in one container or in many', async () => {
    const shared = product.container();
    const lists = await Promise.all(twenty.map((user) => listOf(user, shared)));
    expect(lists).toEqual(twenty.map((_, index) => `OK 650555${1000 + index};Of ${101 + index}`));

    const placed = await Promise.all(
      twenty.map(({ username, extension, legacyPassword }, index) =>
        ringout(product.container().ringout, {
          cmd: 'call',
          Username: username,
          Ext: extension,
          Password: legacyPassword ?? '',
          To: `650555${2000 + index}`,
        }),
      ),
    );
    const sids = placed.map((answer) => answer.split(' ')[1] ?? '');
    expect(new Set(sids).size).toBe(20);
    const statuses = await Promise.all(sids.map((SessionID) => ringout(shared.ringout, { cmd: 'status', SessionID })));
    expect(statuses).toEqual(
      sids.map((sid, index) => `OK ${sid} 1;+1650555${2000 + index};1;+1650555${1000 + index};1`),
    );

    // RingCentral has received for each user only a token from the JWT of that user.
    const tokensOf = new Map<string, Set<string>>();
    for (const { kind, user = '', headers } of product.simulator.requests) {
      if (kind === 'token') continue;
      tokensOf.set(user, (tokensOf.get(user) ?? new Set()).add(headers['authorization'] ?? ''));
    }
    expect([...tokensOf.keys()].toSorted()).toEqual(twenty.map(({ extension }) => `18889363711*${extension}`));
    expect([...tokensOf.values()].map(({ size }) => size)).toEqual(twenty.map(() => 1));
    expect(product.simulator.requests.filter(({ kind }) => kind === 'token')).toHaveLength(20);
  });

  test('are throttled independently', async () => {
    const [first, second] = twenty;
    if (first === undefined || second === undefined) throw new Error('no users');
    product.simulator.failNext('forwarding-number', { status: 429 });
    expect(await listOf(first, product.container())).toContain('too many requests');
    expect(await listOf(first, product.container())).toContain('too many requests');
    expect(await listOf(second, product.container())).toBe('OK 6505551001;Of 102');
  });

  test('are refused independently', async () => {
    const [first, second] = twenty;
    if (first === undefined || second === undefined) throw new Error('no users');
    product.document = secretDocument(product.simulator.url, [{ ...first, jwt: 'demo-jwt-revoked' }, second]);
    expect(await listOf(first, product.container())).toContain('refuses the credential');
    expect(await listOf(second, product.container())).toBe('OK 6505551001;Of 102');
  });
});

/** Secrets Manager with several documents, by their ids. */
function documents(byId: Readonly<Record<string, unknown>>) {
  return {
    env: { SECRET_IDS: Object.keys(byId).join(',') },
    secretsManager: {
      send: ({ input }: { readonly input: { readonly SecretId: string } }) =>
        Promise.resolve({ SecretString: JSON.stringify(byId[input.SecretId]) }),
    } as never,
  };
}

describe('several secret documents', () => {
  const london: DemoUser = { ...demoUser, username: '442071234567', jwt: 'demo-jwt-london', extension: '' };

  test('are several RingCentral accounts, each with its own server and client', async () => {
    product = await startProduct();
    const other = await startSimulator({
      users: [
        {
          ...london,
          forwardingNumbers: [{ id: '1', phoneNumber: '+442071230000', features: ['CallForwarding'], type: 'Home' }],
        },
      ],
      clientId: 'demo-client-2',
      clientSecret: 'demo-client-secret-2',
      clock: product.clock,
    });
    const container = product.container(
      documents({
        'demo-us': secretDocument(product.simulator.url, [demoUser]),
        'demo-uk': {
          ...secretDocument(other.url, [london]),
          clientId: 'demo-client-2',
          clientSecret: 'demo-client-secret-2',
        },
      }),
    );
    expect(await listOf(demoUser, container)).toContain('OK 6505553711;Home');
    expect(await listOf(london, container)).toBe('OK 442071230000;Home');
    await scheduledRun(container);
    expect(product.simulator.requests.map(({ kind }) => kind)).toEqual(['token', 'forwarding-number']);
    expect(other.requests.map(({ kind }) => kind)).toEqual(['token', 'forwarding-number']);
    await other.close();
  });

  test.each([
    ['the same', demoUser],
    ['the same in another spelling', { ...demoUser, username: '(888) 936-3711', extension: ' 101 ' }],
  ])('that both have a user of %s username and extension are a configuration error', async (_, twin) => {
    product = await startProduct();
    const container = product.container(
      documents({
        'demo-us': secretDocument(product.simulator.url, [london, demoUser]),
        'demo-uk': { ...secretDocument('https://platform.ringcentral.com', [twin]), clientId: 'demo-client-2' },
      }),
    );
    expect(await listOf(demoUser, container)).toBe('FAILED This service is not set up correctly');
    expect(logged(product, 'a secret document has mistakes')).toMatchObject([
      { problems: ['demo-uk: users[0]: another username and extension than demo-us: users[1]'] },
    ]);
  });
});
