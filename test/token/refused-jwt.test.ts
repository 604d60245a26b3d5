import { awsError, counted, grants, list, listed, logged, row, storedUser } from './situation.ts';
import { demoUser, secretDocument } from '../demo.ts';
import { startProduct, type Product } from '../product.ts';

let product: Product;
beforeEach(async () => {
  product = await startProduct();
});
afterEach(() => product.close());

const minuteMs = 60_000;
const refused = 'FAILED RingCentral refuses the credential stored for this user';

/** The demo user's secret with another JWT. */
const withJwt = (jwt: string): Record<string, unknown> => secretDocument(product.simulator.url, [{ ...demoUser, jwt }]);

/** Secrets Manager, as one container sees it. */
function secretsManager(read: () => unknown) {
  return {
    secretsManager: {
      send: () => {
        const answer = read();
        return answer instanceof Error
          ? Promise.reject(answer)
          : Promise.resolve({ SecretString: typeof answer === 'string' ? answer : JSON.stringify(answer) });
      },
    } as never,
  };
}

describe('a JWT that RingCentral refuses', () => {
  beforeEach(() => {
    product.document = withJwt('demo-jwt-revoked');
  });

  test('is sent once for twenty requests, and again after a minute', async () => {
    const answers: string[] = [];
    for (let request = 0; request < 20; request += 1) answers.push(await list(product.container()));
    expect(new Set(answers)).toEqual(new Set([refused]));
    expect(grants(product)).toEqual(['jwt']);
    product.clock.advance(minuteMs - 5000);
    await list(product.container());
    expect(grants(product)).toEqual(['jwt']);
    product.clock.advance(6000);
    expect(await list(product.container())).toBe(refused);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });

  test('is sent once for twenty requests at the same instant', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => list(product.container())));
    expect(new Set(answers)).toEqual(new Set([refused]));
    expect(grants(product)).toEqual(['jwt']);
  });

  test('does not block a container with another JWT', async () => {
    await list(product.container());
    const corrected = secretsManager(() => secretDocument(product.simulator.url, [demoUser]));
    expect(await list(product.container(corrected))).toBe(listed);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });

  test('that was corrected in the secret works at once, also in a container with the old secret cached', async () => {
    const container = product.container();
    expect(await list(container)).toBe(refused);
    product.document = secretDocument(product.simulator.url, [demoUser]);
    expect(await list(container)).toBe(listed);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });

  test('is refused without a wait or a token request while the secret cannot be read', async () => {
    let down = false;
    const container = product.container(
      secretsManager(() => (down ? awsError('InternalServiceError') : withJwt('demo-jwt-revoked'))),
    );
    await list(container);
    down = true;
    expect(await list(container)).toBe(refused);
    expect(grants(product)).toEqual(['jwt']);
  });
});

test('the credentials of a refused application are sent once for five requests', async () => {
  product.document = { ...product.document, clientSecret: 'demo-wrong-secret' };
  for (let request = 0; request < 5; request += 1) {
    expect(await list(product.container())).toBe(
      'FAILED RingCentral refuses the application credentials of this service',
    );
  }
  expect(grants(product)).toEqual(['jwt']);
});

describe('a secret that was rotated', () => {
  /** Another JWT of the same user. The old one also works until it is revoked. */
  const oldAndNew = async (): Promise<void> => {
    await product.close();
    product = await startProduct({ users: [demoUser, { ...demoUser, jwt: 'demo-jwt-new' }] });
    product.document = withJwt(demoUser.jwt);
  };

  test('is reloaded by containers with the old one cached, so that old and new do not replace each other in turn', async () => {
    await oldAndNew();
    const withOld = product.container();
    expect(await list(withOld)).toBe(listed);
    product.document = withJwt('demo-jwt-new');
    const withNew = product.container();
    for (let round = 0; round < 5; round += 1) {
      expect(await list(withNew)).toBe(listed);
      expect(await list(withOld)).toBe(listed);
    }
    expect(product.simulator.requests.flatMap(({ kind, body }) => (kind === 'token' ? [body] : []))).toMatchObject([
      { assertion: demoUser.jwt },
      { assertion: 'demo-jwt-new' },
    ]);
  });

  test('lets a container that cannot read the new one use the stored token, without a grant', async () => {
    await oldAndNew();
    let down = false;
    const cutOff = product.container(
      secretsManager(() => (down ? awsError('InternalServiceError') : withJwt(demoUser.jwt))),
    );
    await list(cutOff);
    down = true;
    product.document = withJwt('demo-jwt-new');
    await list(product.container());
    for (let round = 0; round < 3; round += 1) expect(await list(cutOff)).toBe(listed);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
  });

  test('is reloaded before a refusal of the old JWT counts', async () => {
    await oldAndNew();
    const asleep = product.container();
    await storedUser(asleep);
    product.document = withJwt('demo-jwt-new');
    product.simulator.failNext('token', {
      status: 400,
      body: { error: 'invalid_grant', errors: [{ errorCode: 'OAU-213' }] },
    });
    expect(await list(asleep)).toBe(listed);
    expect(grants(product)).toEqual(['jwt', 'jwt']);
    expect((await row(product.container())).refusal).toBeUndefined();
  });

  test('without the user refuses the user’s requests once the token expires', async () => {
    const container = product.container();
    await list(container);
    product.document = secretDocument(product.simulator.url, [{ ...demoUser, extension: '102' }]);
    product.simulator.revokeAllTokens();
    product.simulator.failNext('token', { status: 400, body: { error: 'invalid_grant' } });
    expect(await list(container)).toBe('FAILED Invalid User or Password');
  });
});

describe('an outage of Secrets Manager', () => {
  test('has no effect while a container has a good secret cached, however old', async () => {
    let down = false;
    const container = product.container(
      secretsManager(() => (down ? awsError('InternalServiceError') : product.document)),
    );
    expect(await list(container)).toBe(listed);
    down = true;
    product.clock.advance(10 * minuteMs);
    expect(await list(container)).toBe(listed);
    expect(counted(product, 'SecretFailures')).toBe(1);
    expect(logged(product, 'the secret cannot be read')).toMatchObject([
      { level: 'error', error: 'InternalServiceError', lastGoodCopyServes: true },
    ]);
  });

  test('fails the requests of a cold container until it is up again', async () => {
    let down = true;
    const container = product.container(
      secretsManager(() => (down ? awsError('InternalServiceError') : product.document)),
    );
    expect(await list(container)).toBe('FAILED The credentials stored for this service cannot be read');
    down = false;
    expect(await list(container)).toBe(listed);
  });
});

test('a document stored with mistakes leaves the last good copy in use, and all mistakes are logged by path', async () => {
  const container = product.container();
  expect(await list(container)).toBe(listed);
  product.document = { ...product.document, clientId: 7, users: [{ username: '18889363711', legacyPassword: '1234' }] };
  product.clock.advance(10 * minuteMs);
  expect(await list(container)).toBe(listed);
  expect(logged(product, 'a secret document has mistakes')).toMatchObject([
    {
      level: 'error',
      problems: ["demo: clientId: the app's client id as text", 'demo: users[0].jwt: to be there'],
      lastGoodCopyServes: true,
    },
  ]);
  expect(product.lines.join('\n')).not.toContain('demo-jwt');
});
