import { asArray, asObject, asText } from '../../../lib/domain/untrusted.ts';

/** The cause of a failed connection in words, with the system's error code, and the remedy. */
export interface NetworkReason {
  readonly what: string;
  readonly remedy: string;
}

type Reason = readonly [what: string, remedy: string];

const name: Reason = [
  'its name is not found',
  'Compare the host name letter by letter; look for its DNS entry; ask from a network that can look names up.',
];
const refused: Reason = [
  'the connection is refused',
  'Nothing listens at this address and port, or a firewall says no: compare both.',
];
const silent: Reason = [
  'nobody answers at its address',
  'A firewall drops the connection, or the address is wrong: try from another network.',
];
const broken: Reason = [
  'the connection was broken off',
  'A firewall, a proxy or the server ended it: try again, then from another network.',
];
const issuer: Reason = [
  'its certificate is from an issuer that this computer does not trust',
  'A proxy may stand in between: let NODE_EXTRA_CA_CERTS name the file with its certificate. Else the address is wrong.',
];
const tls: Reason = ['it does not speak TLS as it should', 'Compare the port; a proxy may stand in between.'];

/** Reasons by error code of Node.js: errors of the system, of DNS, of TLS and of fetch. */
const reasons: Readonly<Record<string, Reason>> = {
  ENOTFOUND: name,
  EAI_AGAIN: ['no DNS server answers for its name', 'Look whether this computer has a network and a DNS server.'],
  ECONNREFUSED: refused,
  ETIMEDOUT: silent,
  UND_ERR_CONNECT_TIMEOUT: silent,
  EHOSTUNREACH: silent,
  ENETUNREACH: silent,
  ECONNRESET: broken,
  EPIPE: broken,
  UND_ERR_SOCKET: broken,
  CERT_HAS_EXPIRED: [
    'its certificate has expired',
    'Renew the certificate; look at the clock of this computer if the certificate is good.',
  ],
  CERT_NOT_YET_VALID: ['its certificate is not valid yet', 'Look at the clock of this computer.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is for another name',
    'Use a host name that the certificate has; for a custom domain look whether DNS points at its target.',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: issuer,
  SELF_SIGNED_CERT_IN_CHAIN: issuer,
  UNABLE_TO_GET_ISSUER_CERT: issuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: issuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: issuer,
  EPROTO: tls,
};

/** Finds the reason in a request's error and its nested causes. Returns undefined if no code is known. */
export function networkReason(error: unknown): NetworkReason | undefined {
  for (const code of codesOf(error, 0)) {
    const reason = Object.hasOwn(reasons, code) ? reasons[code] : code.startsWith('ERR_SSL_') ? tls : undefined;
    if (reason !== undefined) return { what: `${reason[0]} (${code})`, remedy: reason[1] };
  }
  return undefined;
}

/** Errors wrap their causes. An AggregateError has one error for each address of the server. */
function codesOf(error: unknown, depth: number): readonly string[] {
  const fields = asObject(error);
  if (fields === undefined || depth > 6) return [];
  const code = asText(fields['code']);
  return [
    ...(code === undefined ? [] : [code]),
    ...[...asArray(fields['errors']), fields['cause']].flatMap((inner) => codesOf(inner, depth + 1)),
  ];
}
