import { demoClient } from '../../../../infra/local/demo.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../../infra/local/simulator/server.ts';
import type { SimulatedUser } from '../../../../infra/local/simulator/user.ts';

/** The first of two users of one account, for tests of the simulator itself. */
export const alice: SimulatedUser = {
  username: '18889363711',
  extension: '101',
  jwt: 'demo-jwt-101',
  name: 'Alice Demo',
  forwardingNumbers: [
    { id: '1', phoneNumber: '+16505550142', label: 'Home', type: 'Home', features: ['CallForwarding'] },
    { id: '2', phoneNumber: '+16505550143', label: 'Mobile', type: 'Mobile', features: ['CallFlip'] },
    { id: '3', phoneNumber: '+16505550144', label: 'Work', type: 'Work', features: ['CallForwarding'] },
  ],
};
export const bob: SimulatedUser = { username: '18889363711', extension: '102', jwt: 'demo-jwt-102' };

export const { clientId, clientSecret } = demoClient;
export const extensionUrl = '/restapi/v1.0/account/~/extension/~';

/** A simulator with an injected clock, and the most frequent requests of tests. */
export interface SimulatorClient {
  readonly simulator: Simulator;
  /** Moves the injected clock. */
  pass(ms: number): void;
  send(path: string, init?: RequestInit): Promise<Response>;
  /** Posts to the token endpoint with the right client credentials. */
  grant(fields: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** An Authorization header for a user, by a new JWT login. */
  login(user?: SimulatedUser): Promise<{ authorization: string }>;
  postJson(path: string, value: unknown, headers: Readonly<Record<string, string>>): Promise<Response>;
}

export const jwtGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const startMs = Date.UTC(2026, 0, 5, 12);

/** Starts a simulator with both users. The caller closes `simulator`. */
export async function openSimulator(options: Partial<SimulatorOptions> = {}): Promise<SimulatorClient> {
  let nowMs = startMs;
  const simulator = await startSimulator({
    users: [alice, bob],
    clientId,
    clientSecret,
    clock: { nowMs: () => nowMs },
    rateLimits: false,
    ...options,
  });
  const send = (path: string, init?: RequestInit) => fetch(`${simulator.url}${path}`, init);
  const grant: SimulatorClient['grant'] = (fields, headers) =>
    send('/restapi/oauth/token', {
      method: 'POST',
      headers: { authorization: basic(clientId, clientSecret), ...headers },
      body: new URLSearchParams(fields),
    });
  return {
    simulator,
    pass(ms) {
      nowMs += ms;
    },
    send,
    grant,
    async login(user = alice) {
      const response = await grant({ grant_type: jwtGrant, assertion: user.jwt });
      const { access_token: token } = (await response.json()) as { access_token: string };
      return { authorization: `Bearer ${token}` };
    },
    postJson: (path, value, headers) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(value),
      }),
  };
}

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

/** Status and parsed body of an answer, compared whole by the tests. */
export async function seen(response: Response): Promise<{ status: number; body: unknown }> {
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

/** The error code of an answer, with its status. */
export async function refusal(response: Response): Promise<string> {
  const body = (await response.json()) as { errors: { errorCode: string }[] };
  return `${response.status} ${body.errors[0]?.errorCode}`;
}
