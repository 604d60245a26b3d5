import {
  alice,
  basic,
  bob,
  clientId,
  extensionUrl,
  jwtGrant,
  refusal,
  seen,
  openSimulator,
  type SimulatorClient,
} from './fixture.ts';
import type { SimulatorOptions } from '../../../../infra/local/simulator/server.ts';
import type { SimulatedUser } from '../../../../infra/local/simulator/user.ts';

interface Pair {
  access_token: string;
  refresh_token: string;
}

let client: SimulatorClient;
const start = async (options: Partial<SimulatorOptions> = {}) => {
  client = await openSimulator(options);
};
afterEach(() => client.simulator.close());

const granted = async (response: Response) => (await response.json()) as Pair;
const logIn = async (user: SimulatedUser = alice) =>
  granted(await client.grant({ grant_type: jwtGrant, assertion: user.jwt }));
const refresh = (token: string) => client.grant({ grant_type: 'refresh_token', refresh_token: token });
const use = async (token: string) => {
  const response = await client.send(extensionUrl, { headers: { authorization: `Bearer ${token}` } });
  return response.ok ? '200' : refusal(response);
};

describe('a JWT login', () => {
  test('answers with a bearer token and by default no refresh token', async () => {
    await start();
    const response = await client.grant({ grant_type: jwtGrant, assertion: alice.jwt });
    expect(await seen(response)).toEqual({
      status: 200,
      body: {
        access_token: expect.stringMatching(/^demo-access-/),
        token_type: 'bearer',
        expires_in: 3600,
        scope: 'ReadAccounts RingOut Faxes',
        owner_id: '400130000',
        endpoint_id: 'demo-endpoint',
        session_id: expect.any(String),
      },
    });
  });

  test('issues a refresh token when the app has them', async () => {
    await start({ refreshTokens: true });
    const response = await client.grant({ grant_type: jwtGrant, assertion: alice.jwt });
    expect(await response.json()).toMatchObject({
      refresh_token: expect.stringMatching(/^demo-refresh-/),
      refresh_token_expires_in: 604_800,
    });
  });

  test('issues no refresh token when refresh_token_ttl is 0', async () => {
    await start({ refreshTokens: true });
    const response = await client.grant({ grant_type: jwtGrant, assertion: alice.jwt, refresh_token_ttl: '0' });
    expect(await response.json()).not.toHaveProperty('refresh_token');
  });

  test('leaves earlier tokens alive until a sixth session evicts the oldest', async () => {
    await start();
    const pairs: Pair[] = [];
    for (let login = 0; login < 6; login += 1) pairs.push(await logIn());
    const uses: string[] = [];
    for (const pair of pairs) uses.push(await use(pair.access_token));
    expect(uses).toEqual(['401 OAU-213', '200', '200', '200', '200', '200']);
  });
});

describe('the token endpoint refuses', () => {
  beforeEach(() => start());

  const jwt = { grant_type: jwtGrant, assertion: alice.jwt };
  test.each([
    ['an unknown JWT', { ...jwt, assertion: 'demo-jwt-unknown' }, {}, '400 OAU-213'],
    ['the retired password grant', { grant_type: 'password', username: '1', password: 'x' }, {}, '400 OAU-251'],
    ['an unknown grant', { grant_type: 'magic' }, {}, '400 OAU-250'],
    ['a wrong client secret', jwt, { authorization: basic(clientId, 'wrong') }, '401 OAU-146'],
    ['bearer instead of basic', jwt, { authorization: 'Bearer x' }, '400 OAU-153'],
    ['a life time below 600 s', { ...jwt, access_token_ttl: '-1' }, {}, '400 CMN-101'],
    ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, {}, '400 OAU-213'],
  ])('%s', async (_name, fields, headers, expected) => {
    expect(await refusal(await client.grant(fields, headers))).toBe(expected);
  });

  test('a JSON body', async () => {
    expect(await refusal(await client.postJson('/restapi/oauth/token', jwt, {}))).toBe('415 CMN-104');
  });
});

describe('an access token', () => {
  beforeEach(() => start({ accessTokenSeconds: 900 }));

  test('works until it expires', async () => {
    const { access_token: token } = await logIn();
    const uses = [await use(token)];
    client.pass(899_000);
    uses.push(await use(token));
    client.pass(1000);
    uses.push(await use(token));
    expect(uses).toEqual(['200', '200', '401 OAU-128']);
  });

  test('that is unknown is refused', async () => {
    expect(await use('demo-access-unknown')).toBe('401 OAU-213');
  });

  test('is required', async () => {
    expect(await refusal(await client.send(extensionUrl))).toBe('401 OAU-149');
  });

  test.each([
    ['its user is logged out', () => client.simulator.revokeToken(alice), '401 OAU-213', '200'],
    ['everybody is logged out', () => client.simulator.revokeAllTokens(), '401 OAU-213', '401 OAU-213'],
  ])('dies when %s', async (_name, act, ofAlice, ofBob) => {
    const [first, second] = [await logIn(alice), await logIn(bob)];
    act();
    expect([await use(first.access_token), await use(second.access_token)]).toEqual([ofAlice, ofBob]);
  });

  test('dies with its session when revoked', async () => {
    const { access_token: token } = await logIn();
    const revoked = await client.send('/restapi/oauth/revoke', {
      method: 'POST',
      headers: { authorization: basic(clientId, 'demo-client-secret') },
      body: new URLSearchParams({ token }),
    });
    expect([revoked.status, await use(token)]).toEqual([200, '401 OAU-213']);
  });
});

describe('a refresh', () => {
  beforeEach(() => start({ refreshTokens: true }));

  test('kills the access token it replaces at once', async () => {
    const first = await logIn();
    const second = await granted(await refresh(first.refresh_token));
    expect([await use(first.access_token), await use(second.access_token)]).toEqual(['401 OAU-213', '200']);
  });

  test.each([
    ['within 10 s of the new token’s first use: the same pair', true, 10_000, 'same'],
    ['more than 10 s after the first use: refused', true, 10_001, '400 OAU-213'],
    ['as long as the new token is unused: the same pair', false, 3_600_000, 'same'],
    ['after an hour without any use: refused', false, 3_600_001, '400 OAU-213'],
  ])('with an exchanged refresh token %s', async (_name, used, passMs, expected) => {
    const first = await logIn();
    const second = await granted(await refresh(first.refresh_token));
    if (used) await use(second.access_token);
    client.pass(passMs);
    const again = await refresh(first.refresh_token);
    if (expected === 'same') {
      expect(await again.json()).toMatchObject({
        access_token: second.access_token,
        refresh_token: second.refresh_token,
      });
    } else {
      expect(await refusal(again)).toBe(expected);
    }
  });

  test('after the refresh token’s life is refused', async () => {
    const first = await logIn();
    client.pass(604_800_000);
    expect(await refusal(await refresh(first.refresh_token))).toBe('400 OAU-210');
  });
});
