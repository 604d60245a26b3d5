import type { DemoUser } from '../demo.ts';
import { formPost, gatewayEvent, multipartPost } from '../gateway-event.ts';
import { field, file } from '../multipart.ts';
import type { Fault, FaultKind } from '../../infra/local/simulator/faults.ts';

/** One legacy request of the soak. */
export interface SoakRequest {
  readonly kind: 'list' | 'call' | 'status' | 'cancel' | 'fax' | 'nonsense';
  readonly event: Readonly<Record<string, unknown>>;
  /** The number called or faxed, unique to this request. */
  readonly number: string | undefined;
}

const usersInAll = 100;

export const soakUsers: readonly DemoUser[] = Array.from({ length: usersInAll }, (_, index) => ({
  username: '18889363711',
  extension: String(1000 + index),
  jwt: `demo-jwt-${index}`,
  legacyPassword: `demo-password-${index}`,
  forwardingNumbers: [
    { id: '1', phoneNumber: '+12025550100', label: 'Desk', type: 'Work', features: ['CallForwarding'] },
  ],
}));

/** Creates requests of all kinds. `draw` returns numbers in [0, 1). */
export function createTraffic(draw: () => number) {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(draw() * values.length)] as T;
  const sessionIds: string[] = [];
  let numbers = 0;

  const nextNumber = (): string => {
    numbers += 1;
    return `+1650${String(2_000_000 + numbers)}`;
  };

  return {
    /** Makes later requests use this session. */
    remember(sessionId: string): void {
      sessionIds.push(sessionId);
      if (sessionIds.length > 200) sessionIds.shift();
    },
    next(): SoakRequest {
      const user = pick(soakUsers);
      const credentials = { Username: user.username, Ext: user.extension, Password: user.legacyPassword ?? '' };
      const sid = sessionIds.length === 0 ? '123456789' : pick(sessionIds);
      const dice = draw();
      const ringout = (
        kind: SoakRequest['kind'],
        fields: Readonly<Record<string, string>>,
        number?: string,
      ): SoakRequest => ({
        kind,
        event: gatewayEvent(draw() < 0.5 ? { query: fields } : formPost(fields)),
        number,
      });
      if (dice < 0.2) return ringout('list', { cmd: 'list', ...credentials });
      if (dice < 0.4) {
        const number = nextNumber();
        return ringout('call', { cmd: 'call', ...credentials, To: number, From: '2025550100' }, number);
      }
      if (dice < 0.7) return ringout('status', { cmd: 'status', SessionID: sid });
      if (dice < 0.8) return ringout('cancel', { cmd: 'cancel', SessionID: sid });
      if (dice < 0.85)
        return ringout('nonsense', { cmd: pick(['', 'dial', 'call', 'list']), Username: 'nobody', SessionID: '<' });
      const number = nextNumber();
      const parts = [
        ...Object.entries(credentials).map(([name, value]) => field(name, value)),
        field('Recipient', `${number}|Demo`),
        file('demo.tif', Buffer.alloc(Math.floor(draw() * 20_000) + 1, 'fax')),
      ];
      return { kind: 'fax', event: gatewayEvent(multipartPost(parts)), number };
    },
    /** A random fault for one of the next requests. */
    nextFault(): readonly [FaultKind, Fault] {
      const kind = pick([
        'ring-out',
        'ring-out',
        'fax',
        'fax',
        'status',
        'cancel',
        'forwarding-number',
        'token',
      ] as const);
      const faults: readonly Fault[] = [
        { status: 401 },
        { status: 403, body: { errors: [{ errorCode: 'CMN-408' }] } },
        { status: 404 },
        { status: 429, headers: { 'retry-after': '1' } },
        { status: 500 },
        { status: 502, body: '<html>', contentType: 'text/html' },
        { status: 503 },
        { delayMs: 300 },
        'reset-before',
        'reset-after',
        'truncated',
        'not-json',
        // The product waits for the answer until the deadline, which is short for calls.
        ...(kind === 'ring-out' ? (['hang', 'slow-body'] as const) : []),
      ];
      return [kind, pick(faults)];
    },
  };
}
