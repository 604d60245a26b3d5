import type { Handlers } from '../handlers.ts';
import { startProduct, type Product } from '../product.ts';
import { demoClient, faxCredentials } from '../demo.ts';
import { formPost, gatewayEvent, lambdaContext, multipartPost, type EventOptions } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import type { Fault } from '../../infra/local/simulator/faults.ts';

/*
 * Every command runs with every fault at the most verbose log level. The output never contains a password, JWT, client
 * secret, token, whole phone number or query string. The answers contain none of the secrets.
 */

const jwt = 'demo.jwt.Q29uZmlkZW50aWFs';
const legacyPassword = 'Demo-legacy-passw0rd';
const callBack = '6505553711';
const destination = '6505550177';
const callerId = '8005551234';
const faxNumber = '2025550143';
const credentials = { Username: '18889363711', Ext: '101', Password: legacyPassword };

let product: Product;
const answers: string[] = [];
let printed: string[] = [];

beforeAll(async () => {
  printed = spyOnOutput();
  product = await startProduct({
    users: [
      {
        username: credentials.Username,
        extension: credentials.Ext,
        jwt,
        legacyPassword,
        forwardingNumbers: [
          { id: '1', phoneNumber: `+1${callBack}`, label: 'Home', type: 'Home', features: ['CallForwarding'] },
        ],
      },
    ],
    simulator: { refreshTokens: true },
  });
});
beforeEach(() => {
  for (const seen of [printed, answers, product.lines]) seen.length = 0;
});
afterAll(async () => {
  await product.close();
  jest.restoreAllMocks();
});

/** Collects all output to the standard streams, including the simulator's console.error, which has no secrets. */
function spyOnOutput(): string[] {
  const lines: string[] = [];
  const note = (...values: readonly unknown[]): boolean => {
    lines.push(values.map(String).join(' '));
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(note);
  jest.spyOn(process.stderr, 'write').mockImplementation(note);
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    jest.spyOn(console, method).mockImplementation(note);
  }
  return lines;
}

const forbidden: readonly (readonly [string, RegExp])[] = [
  ['the legacy password', /passw0rd/i],
  ['a wrong password', /Gu3ss/],
  ['the JWT', /Q29uZmlkZW50aWFs/],
  ['the client secret', new RegExp(demoClient.clientSecret)],
  [
    'the client credentials as a header',
    new RegExp(Buffer.from(`${demoClient.clientId}:${demoClient.clientSecret}`).toString('base64').slice(0, 24)),
  ],
  ['an access or refresh token', /demo-(?:access|refresh)-/],
  ['an Authorization header', /bearer |basic /i],
  ['a whole phone number', new RegExp([callBack, destination, callerId, faxNumber, '8889363711'].join('|'))],
  ['a query string', /cmd=|Username=|Password=|SessionID=/],
  ['a fax text or a file name', /Confidential text|private-name/],
];
const secrets = forbidden.filter(([what]) => !/phone|query/.test(what));

const call = { cmd: 'call', ...credentials, To: destination, From: callBack, Clid: callerId };
const fax = multipartPost([
  ...faxCredentials.slice(0, 1),
  field('Password', legacyPassword),
  field('Recipient', `${faxNumber}|Ann`),
  field('Coverpage', 'Confidential text page'),
  field('Coverpagetext', 'Confidential text'),
  file('private-name.pdf', 'Confidential text'),
]);

/** Sends every command in every form and accepts any answer. Places a call before it arms the fault. */
async function driveAll({ ringout, fax: sendFax, catchAll }: Handlers, arm: () => void = () => {}): Promise<void> {
  const run = async (options: EventOptions): Promise<string> => {
    const handler = options.path === '/faxapi.asp' ? sendFax : ringout;
    const { body } = await handler(gatewayEvent(options), lambdaContext());
    answers.push(body);
    return body;
  };
  const SessionID = /\d{9}/.exec(await run({ query: call }))?.[0] ?? '123456789';
  arm();
  for (const format of ['', 'json']) {
    await run({ query: { cmd: 'list', ...credentials, format } });
    await run({ query: { ...call, format } });
    for (const cmd of ['status', 'cancel']) await run(formPost({ cmd, SessionID, format }));
  }
  await run(fax);
  await run({ query: { ...call, From: '' } });
  await run({ query: { ...call, Password: 'Gu3ss' } });
  await run({ query: { ...call, To: `${destination}x`, From: `+${callBack}x` } });
  await run({ ...fax, body: Buffer.from(fax.body as Uint8Array).subarray(0, -20) });
  await catchAll(gatewayEvent({ path: `/${legacyPassword}`, query: call }), lambdaContext());
}

function expectNothingLeaked(): void {
  const output = [...product.lines, ...printed].join('\n');
  expect(output.length).toBeGreaterThan(1000);
  for (const [what, pattern] of forbidden) {
    const found = pattern.exec(output);
    expect([what, found === null ? null : output.slice(Math.max(0, found.index - 200), found.index + 100)]).toEqual([
      what,
      null,
    ]);
  }
  for (const [what, pattern] of secrets)
    expect([what, pattern.exec(answers.join('\n'))?.[0]]).toEqual([what, undefined]);
}

/** An error body that quotes the request, as RingCentral's messages do. */
const quoting = (status: number): Fault => ({
  status,
  body: {
    errorCode: 'CMN-101',
    message: `Parameter value [+1${destination}] is invalid for ${jwt}`,
    errors: [
      {
        errorCode: 'CMN-101',
        message: `${legacyPassword} bearer demo-access-1`,
        parameterName: 'to.phoneNumber',
        parameterValue: `+1${destination}`,
      },
    ],
    error: 'invalid_grant',
    error_description: `assertion ${jwt}`,
  },
});

const faults: readonly (readonly [string, Fault])[] = [
  ...[400, 401, 403, 404, 408, 415, 429, 500, 502, 503].map(
    (status) => [`${status} with secrets`, quoting(status)] as const,
  ),
  ['a code that is the JWT', { status: 400, body: { errorCode: jwt, error: jwt, errors: [{ errorCode: jwt }] } }],
  ['a page with secrets', { status: 502, body: `<html>${jwt} ${destination}`, contentType: 'text/html' }],
  ['a redirect with secrets', { status: 302, headers: { location: `/?token=demo-access-1&to=${destination}` } }],
  ['a malformed success', { status: 200, body: { access_token: 'demo-access-\n', expires_in: 3600, id: 7 } }],
  ['not JSON', 'not-json'],
  ['no answer, breaking the connection', 'reset-before'],
  ['no answer, breaking the connection after the request is carried out', 'reset-after'],
  ['half an answer', 'truncated'],
];

test('nothing secret is printed without a fault', async () => {
  await driveAll(product.handlers);
  expectNothingLeaked();
});

describe('nothing secret is printed when RingCentral sends', () => {
  const kinds = ['ring-out', 'status', 'cancel', 'forwarding-number', 'fax', 'dictionary'] as const;
  test.each(faults)('%s', async (_, fault) => {
    product.nextTest();
    await driveAll(product.container(), () => {
      for (const kind of kinds) product.simulator.failNext(kind, fault, 2);
    });
    expect(product.simulator.requests.some((request) => request.fault !== undefined)).toBe(true);
    expectNothingLeaked();
  });

  test.each(faults)('%s, in answer to a token request', async (_, fault) => {
    product.nextTest();
    await driveAll(product.container(), () => {
      // Over an hour later the token has to be renewed.
      product.clock.advance(3_700_000);
      product.simulator.failNext('token', fault, 3);
    });
    expect(product.simulator.requests.map(({ kind }) => kind)).toContain('token');
    expectNothingLeaked();
  });
});

describe('nothing secret is printed when the product has a fault:', () => {
  const outage = (name: string): Error =>
    Object.assign(new Error(`${name}: ${jwt} ${legacyPassword} ${demoClient.clientSecret} ${destination}`), { name });

  test('an unreachable state table', async () => {
    await driveAll(product.container({ dynamoDb: { send: () => Promise.reject(outage('AccessDeniedException')) } }));
    expectNothingLeaked();
  });

  test('an unreadable secret', async () => {
    await driveAll(product.container({ secretsManager: { send: () => Promise.reject(outage('DecryptionFailure')) } }));
    expectNothingLeaked();
  });

  test.each<[string, (document: Record<string, unknown>) => unknown]>([
    ['is not JSON', (document) => JSON.stringify(document).slice(1)],
    [
      'has every value in the wrong place',
      () => ({
        serverUrl: jwt,
        clientId: 7,
        clientSecret: { x: demoClient.clientSecret },
        users: [{ username: legacyPassword, jwt: [jwt], legacyPassword: 5 }],
      }),
    ],
    [
      'names a user twice',
      (document) => ({ ...document, users: [...(document['users'] as object[]), ...(document['users'] as object[])] }),
    ],
  ])('a secret that %s', async (_, change) => {
    const document = change(product.document);
    const SecretString = typeof document === 'string' ? document : JSON.stringify(document);
    await driveAll(product.container({ secretsManager: { send: (() => Promise.resolve({ SecretString })) as never } }));
    expectNothingLeaked();
  });

  test('a bug with secrets in its message', async () => {
    await driveAll(
      product.container({
        replace: () => ({
          openApi: () => {
            throw outage('TypeError');
          },
        }),
      }),
    );
    expectNothingLeaked();
  });

  test('a bug whose message looks like a stack trace', async () => {
    await driveAll(
      product.container({
        replace: () => ({
          openApi: () => {
            throw new Error(`demo\n    at ${jwt} (${legacyPassword})`);
          },
        }),
      }),
    );
    expectNothingLeaked();
  });
});

test('nothing secret is printed when tokens are refreshed', async () => {
  product.nextTest();
  for (let hour = 0; hour < 3; hour += 1) {
    product.clock.advance(3_700_000);
    await driveAll(product.handlers);
  }
  expect(product.simulator.requests.filter(({ kind }) => kind === 'token').length).toBeGreaterThan(1);
  expectNothingLeaked();
});
