import { freePorts } from '../../../../infra/local/listen.ts';
import { networkReason } from '../../../../infra/commands/report/network-reason.ts';

const coded = (code: string): Error => Object.assign(new Error('demo'), { code });
/** As fetch and the layers above it wrap the system's error. */
const wrapped = (cause: unknown): Error => new Error('demo', { cause: new TypeError('fetch failed', { cause }) });

test.each([
  ['ENOTFOUND', 'its name is not found (ENOTFOUND)'],
  ['ECONNREFUSED', 'the connection is refused (ECONNREFUSED)'],
  ['ETIMEDOUT', 'nobody answers at its address (ETIMEDOUT)'],
  ['ECONNRESET', 'the connection was broken off (ECONNRESET)'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired (CERT_HAS_EXPIRED)'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID)'],
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'its certificate is from an issuer that this computer does not trust (SELF_SIGNED_CERT_IN_CHAIN)',
  ],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'it does not speak TLS as it should (ERR_SSL_WRONG_VERSION_NUMBER)'],
])('%s is described in words', (code, what) => {
  expect(networkReason(wrapped(coded(code)))).toEqual({ what, remedy: expect.stringMatching(/^[A-Z].*\.$/) as string });
});

test('of several errors, one per address, the first known one is described', () => {
  const each = new AggregateError([coded('EDEMO'), coded('ENETUNREACH')]);
  expect(networkReason(wrapped(each))?.what).toBe('nobody answers at its address (ENETUNREACH)');
});

test.each([undefined, 'demo', new Error('demo'), wrapped(coded('EDEMO')), coded('constructor')])(
  'returns undefined for an error without a known code',
  (error) => {
    expect(networkReason(error)).toBeUndefined();
  },
);

test("describes the error that Node's own fetch throws", async () => {
  const [port = 0] = await freePorts(1);
  const error: unknown = await fetch(`http://127.0.0.1:${port}`).catch((caught: unknown) => caught);
  expect(networkReason(error)?.what).toBe('the connection is refused (ECONNREFUSED)');
});
