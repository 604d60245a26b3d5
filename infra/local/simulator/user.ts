import type ForwardingNumberInfo from '@rc-ex/core/definitions/ForwardingNumberInfo';
import type UserPhoneNumberInfo from '@rc-ex/core/definitions/UserPhoneNumberInfo';

/** One extension of the simulated account, with the JWT that logs it in. */
export interface SimulatedUser {
  /** Digits of the main company number with its country code. */
  readonly username: string;
  /** Digits; `''` for the main line. */
  readonly extension: string;
  readonly jwt: string;
  readonly name?: string;
  /** In the order RingCentral lists them. */
  readonly forwardingNumbers?: readonly ForwardingNumberInfo[];
  readonly phoneNumbers?: readonly UserPhoneNumberInfo[];
  /** Default: the United States. */
  readonly homeCountry?: {
    readonly id: string;
    readonly name: string;
    readonly isoCode: string;
    readonly callingCode: string;
  };
}

/** How a user is named in records and control requests: `18889363711*101`, or the bare number for the main line. */
export type UserLabel = string;

/** What identifies a user of the simulator. */
export function userLabel(user: Pick<SimulatedUser, 'username' | 'extension'>): UserLabel {
  return user.extension === '' ? user.username : `${user.username}*${user.extension}`;
}

/** RingCentral's numeric id of an extension: stable for one list of users. */
export function extensionId(users: readonly SimulatedUser[], user: SimulatedUser): number {
  return 400_130_000 + users.indexOf(user);
}

/** RingCentral's numeric id of the account a user belongs to. */
export function accountId(user: SimulatedUser): number {
  return 400_000_000 + (Number(user.username) % 100_000);
}

/** E.164 with its plus sign, the only spelling that RingCentral documents. */
export function isE164(text: unknown): text is string {
  return typeof text === 'string' && /^\+[1-9]\d{6,14}$/.test(text);
}
