import type { SimulatedUser } from './simulator/user.ts';

/** The demonstration's RingCentral application. It exists only in the simulator. */
export const demoClient = { clientId: 'demo-client-id', clientSecret: 'demo-client-secret' } as const;

/** The legacy password of every demonstration user. */
export const demoPassword = '1234';

/** Forwarding numbers that show each rule of `cmd=list`. The first three are RingCentral's example. */
const forwardingNumbers: NonNullable<SimulatedUser['forwardingNumbers']> = [
  { id: '1', phoneNumber: '+16505553711', label: 'Home', type: 'Home', features: ['CallForwarding'] },
  { id: '2', phoneNumber: '+16505551550', label: 'Business', type: 'Work', features: ['CallForwarding'] },
  { id: '3', phoneNumber: '+16505551233', label: 'Mobile', type: 'Mobile', features: ['CallFlip', 'CallForwarding'] },
  { id: '4', phoneNumber: '+16505550120', label: 'Front; back door', type: 'Other', features: ['CallForwarding'] },
  { id: '5', phoneNumber: '+16505550121', label: 'Mobile', type: 'Mobile', features: ['CallForwarding'] },
  { id: '6', phoneNumber: '+16505550122', label: '', type: 'Other', features: ['CallForwarding'] },
  { id: '7', label: 'Desktop app', type: 'ExtensionApps', features: ['CallForwarding'] },
  { id: '8', phoneNumber: '+16505550123', label: 'Flip only', type: 'Home', features: ['CallFlip'] },
  { id: '9', phoneNumber: '+442071838750', label: 'London', type: 'Work', features: ['CallForwarding'] },
];

/** Small enough that the nine numbers above take two pages. */
export const demoRecordsPerPage = 5;

/** The demonstration's users. The printed examples use extension 101. */
export const demoUsers: readonly [SimulatedUser, SimulatedUser] = [
  { username: '18889363711', extension: '101', jwt: 'demo-jwt-101', name: 'Dana Demo', forwardingNumbers },
  {
    username: '18889363711',
    extension: '102',
    jwt: 'demo-jwt-102',
    name: 'Erin Example',
    forwardingNumbers: [
      { id: '21', phoneNumber: '+16505550130', label: 'Desk', type: 'Work', features: ['CallForwarding'] },
    ],
  },
];

/** Returns the demonstration's secret document, for a simulator at `serverUrl`. */
export function demoSecret(serverUrl: string): string {
  return JSON.stringify({
    serverUrl,
    ...demoClient,
    users: demoUsers.map(({ username, extension, jwt }) => ({
      username,
      extension,
      jwt,
      legacyPassword: demoPassword,
      homeCountry: 'US',
    })),
  });
}
