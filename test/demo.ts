import { demoClient } from '../infra/local/demo.ts';
import { field, type WirePart } from './multipart.ts';
import type { SimulatedUser } from '../infra/local/simulator/user.ts';

export { demoClient };

/** A demo user of the simulator and the secret document. */
export interface DemoUser extends SimulatedUser {
  readonly legacyPassword: string | null;
  readonly homeCountryCode?: string;
  readonly callBackNumber?: string;
}

/** Has a forwarding number of each kind that `cmd=list` treats differently. */
export const demoUser: DemoUser = {
  username: '18889363711',
  extension: '101',
  jwt: 'demo-jwt-101',
  legacyPassword: '1234',
  forwardingNumbers: [
    { id: '1', phoneNumber: '+16505553711', label: 'Home', type: 'Home', features: ['CallForwarding'] },
    { id: '2', phoneNumber: '+16505551550', label: 'Business', type: 'Work', features: ['CallForwarding', 'CallFlip'] },
    { id: '3', phoneNumber: '+16505551999', label: 'Flip only', type: 'Other', features: ['CallFlip'] },
    { id: '4', phoneNumber: '+16505551233', label: 'Mobile', type: 'Mobile', features: ['CallForwarding'] },
  ],
};

/** The demo user's credentials as a program sends them. */
export const credentials = { Username: demoUser.username, Ext: demoUser.extension, Password: '1234' };

/** The same credentials as parts of a fax. */
export const faxCredentials: readonly WirePart[] = [field('Username', '18889363711*101'), field('Password', '1234')];

/** The secret document of these users, for a RingCentral at `serverUrl`. */
export function secretDocument(serverUrl: string, users: readonly DemoUser[]): Record<string, unknown> {
  return {
    serverUrl,
    ...demoClient,
    users: users.map(({ username, extension, jwt, legacyPassword, homeCountryCode, callBackNumber }) => ({
      username,
      extension,
      jwt,
      legacyPassword,
      ...(homeCountryCode === undefined ? {} : { homeCountry: homeCountryCode }),
      ...(callBackNumber === undefined ? {} : { callBackNumber }),
    })),
  };
}
