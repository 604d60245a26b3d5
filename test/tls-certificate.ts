import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/*
 * Certificates that are generated on demand, so that the repository contains no key. DER is encoded by hand, because
 * Node reads X.509 but cannot write it.
 */

/** The options of a TLS server on this computer, and the authority that its clients have to trust. */
export interface DemoCertificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  /** PEM of the authority that has signed it. */
  readonly ca: string;
}

type Der = Buffer;

/** ITU-T X.690, 8.1: a tag, a length and the contents. */
function der(tag: number, ...contents: readonly Uint8Array[]): Der {
  const body = Buffer.concat(contents);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...items: readonly Der[]): Der => der(0x30, ...items);
const octets = (contents: Der): Der => der(0x04, contents);
const yes = der(0x01, Buffer.from([0xff]));
/** Already encoded object identifiers, without tag and length. */
const oid = (hex: string): Der => der(0x06, Buffer.from(hex, 'hex'));
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));

/** RFC 5280, 4.1.2.4: a name of one common name. */
const nameOf = (commonName: string): Der =>
  sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(commonName)))));

/** RFC 5280, 4.1.2.5.1: two digits of the year, to the second. */
const timeOf = (ms: number): Der => {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return der(0x17, Buffer.from(digits.slice(2)));
};

const extension = (id: string, contents: Der): Der => sequence(oid(id), yes, octets(contents));
const asAuthority = extension('551d13', sequence(yes));
/** RFC 5280, 4.2.1.6: DNS names are tag 2, addresses tag 7. */
const forThisComputer = extension(
  '551d11',
  sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1]))),
);

const dayMs = 24 * 3600 * 1000;

function certificate(
  subject: { readonly name: string; readonly publicKey: KeyObject; readonly extension: Der },
  issuer: { readonly name: string; readonly privateKey: KeyObject },
  endsAtMs: number,
): string {
  const facts = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1]), randomBytes(8)),
    ecdsaWithSha256,
    nameOf(issuer.name),
    sequence(timeOf(endsAtMs - 3 * dayMs), timeOf(endsAtMs)),
    nameOf(subject.name),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(subject.extension)),
  );
  const signature = sign('sha256', facts, issuer.privateKey);
  const bytes = sequence(facts, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  return `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

/**
 * A certificate for `localhost` and `127.0.0.1` from a new authority.
 *
 * @param endsAtMs epoch milliseconds; it is valid for three days
 */
export function demoCertificate(endsAtMs = Date.now() + dayMs): DemoCertificate {
  const authority = { name: 'Demo Authority', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
  const server = { name: 'localhost', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
  return {
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: certificate({ ...server, extension: forThisComputer }, authority, endsAtMs),
    ca: certificate({ ...authority, extension: asAuthority }, authority, endsAtMs),
  };
}
