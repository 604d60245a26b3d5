import type ForwardingNumberInfo from '@rc-ex/core/definitions/ForwardingNumberInfo';
import type UserPhoneNumberInfo from '@rc-ex/core/definitions/UserPhoneNumberInfo';

/** One extension of the simulated account, with the JWT for its login. */
export interface SimulatedUser {
  /** Digits of the company's main number, with the country code. */
  readonly username: string;
  /** Digits; `''` for the main line. */
  readonly extension: string;
  readonly jwt: string;
  readonly name?: string;
  /** In RingCentral's order. */
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

/** A user's name in records and control requests: `18889363711*101`, or only the number for the main line. */
export type UserLabel = string;

export function userLabel(user: Pick<SimulatedUser, 'username' | 'extension'>): UserLabel {
  return user.extension === '' ? user.username : `${user.username}*${user.extension}`;
}

/** Returns RingCentral's numeric id of an extension. It is stable for one list of users. */
export function extensionId(users: readonly SimulatedUser[], user: SimulatedUser): number {
  return 400_130_000 + users.indexOf(user);
}

/** Returns RingCentral's numeric id of the user's account. */
export function accountId(user: SimulatedUser): number {
  return 400_000_000 + (Number(user.username) % 100_000);
}

/** Whether the text is E.164 with a plus sign, the only format that RingCentral documents. */
export function isE164(text: unknown): text is string {
  return typeof text === 'string' && /^\+[1-9]\d{6,14}$/.test(text);
}
