import type { SimulatedUser } from '../../infra/local/simulator/user.ts';
import { demoUser, type DemoUser } from '../demo.ts';

/*
 * The users of the golden tables: the fields that programs send for them, and their data in RingCentral and the secret.
 */

/** The address of the deployment that is tested instead of the local product, if any. */
export const elsewhere = process.env['CONFORMANCE_BASE_URL'];

const { username } = demoUser;

/** The fields that identify each user, by what the user is for. */
export const users = {
  /** Has the numbers of the demonstration. On a deployment, the user of the environment variables. */
  dana:
    elsewhere === undefined
      ? { Username: username, Ext: '101', Password: '1234' }
      : {
          Username: process.env['CONFORMANCE_USERNAME'] ?? '',
          Ext: process.env['CONFORMANCE_EXT'] ?? '',
          Password: process.env['CONFORMANCE_PASSWORD'] ?? '',
        },
  /** The main line, without any forwarding number. */
  main: { Username: username, Password: 'demo-main-line' },
  /** Needs no legacy password and has a call-back number configured. */
  open: { Username: username, Ext: '102' },
  /** A password with a letter beyond ASCII. */
  accented: { Username: username, Ext: '103', Password: 'Grün' },
  /** At home in Great Britain. */
  british: { Username: username, Ext: '104', Password: '1234' },
  /** Reaches RingCentral's rate limits. */
  busy: { Username: username, Ext: '105', Password: '1234' },
  /** Has forwarding numbers with labels that are equal or have characters that break a list. */
  labels: { Username: username, Ext: '106', Password: '1234' },
  /** At home in Great Britain, with a call-back number in national form. */
  britishDesk: { Username: username, Ext: '107', Password: '1234' },
  /** Has only numbers that cannot be used as From. */
  flip: { Username: username, Ext: '108', Password: '1234' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

const someNumber: NonNullable<SimulatedUser['forwardingNumbers']> = [
  { id: '31', phoneNumber: '+16505550131', label: 'Flip', type: 'Other', features: ['CallFlip'] },
  { id: '32', phoneNumber: '+16505550132', label: 'Desk', type: 'Work', features: ['CallForwarding'] },
];
const britishNumbers: typeof someNumber = [
  { id: '41', phoneNumber: '+442071838750', label: 'Desk', type: 'Work', features: ['CallForwarding'] },
  { id: '42', phoneNumber: '+16505550142', label: 'New York', type: 'Other', features: ['CallForwarding'] },
];

const other = (id: string, phoneNumber: string, label: string): (typeof someNumber)[number] => ({
  id,
  phoneNumber,
  label,
  type: 'Other',
  features: ['CallForwarding'],
});
const oddLabels: typeof someNumber = [
  other('61', '+16505550161', 'A;B'),
  other('62', '+16505550162', ' \r\n '),
  { id: '63', phoneNumber: '+16505550163', type: 'Mobile', features: ['CallForwarding'] },
  { id: '64', label: 'No number', type: 'Other', features: ['CallForwarding'] },
  other('65', '+16505550165', 'Work'),
  other('66', '+16505550166', 'Work'),
  other('67', '+16505550167', 'Work 2'),
  other('68', '+16505550168', 'Work'),
  other('69', '+16505550169', '<b>"OK"</b>'),
];

/**
 * Extensions for faxes with several recipients, one each: after such a fax the user's next one waits ten seconds. Their
 * password is 1234.
 */
export const severalRecipientsExtensions = ['111', '112', '113', '114', '115'] as const;

/** The same users, for the secret and the simulator. */
export const worldUsers: readonly DemoUser[] = [
  ...severalRecipientsExtensions.map((extension) => ({
    username,
    extension,
    jwt: `demo-jwt-${extension}`,
    legacyPassword: '1234',
    forwardingNumbers: [],
  })),
  demoUser,
  { username, extension: '', jwt: 'demo-jwt-main', legacyPassword: 'demo-main-line', forwardingNumbers: [] },
  {
    username,
    extension: '102',
    jwt: 'demo-jwt-102',
    legacyPassword: null,
    callBackNumber: '(650) 555-0199',
    forwardingNumbers: someNumber,
  },
  { username, extension: '103', jwt: 'demo-jwt-103', legacyPassword: 'Grün', forwardingNumbers: someNumber },
  {
    username,
    extension: '104',
    jwt: 'demo-jwt-104',
    legacyPassword: '1234',
    homeCountryCode: 'GB',
    forwardingNumbers: britishNumbers,
  },
  { username, extension: '105', jwt: 'demo-jwt-105', legacyPassword: '1234', forwardingNumbers: someNumber },
  { username, extension: '106', jwt: 'demo-jwt-106', legacyPassword: '1234', forwardingNumbers: oddLabels },
  {
    username,
    extension: '107',
    jwt: 'demo-jwt-107',
    legacyPassword: '1234',
    homeCountryCode: 'GB',
    callBackNumber: '020 7183 8750',
    forwardingNumbers: britishNumbers,
  },
  {
    username,
    extension: '108',
    jwt: 'demo-jwt-108',
    legacyPassword: '1234',
    forwardingNumbers: someNumber.slice(0, 1),
  },
];
