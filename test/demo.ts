import { demoClient, demoPassword, demoUsers } from '../infra/local/demo.ts';
import { field, type WirePart } from './multipart.ts';
import type { SimulatedUser } from '../infra/local/simulator/user.ts';

export { demoClient };

/** A demo user of the simulator and the secret document. */
export interface DemoUser extends SimulatedUser {
  readonly legacyPassword: string | null;
  readonly homeCountryCode?: string;
  readonly callBackNumber?: string;
}

/** The first user of the demonstration, with a forwarding number of each kind that `cmd=list` treats differently. */
export const demoUser: DemoUser = { ...demoUsers[0], legacyPassword: demoPassword };

/** What `cmd=list` answers for the demo user. */
export const demoList =
  'OK 6505553711;Home;6505551550;Business;6505551233;Mobile;6505550120;Front, back door;6505550121;Mobile 2;' +
  '6505550122;Other;442071838750;London';

/** The demo user's credentials as a program sends them. */
export const credentials = { Username: demoUser.username, Ext: demoUser.extension, Password: demoPassword };

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
