import type GetAccountInfoResponse from '@rc-ex/core/definitions/GetAccountInfoResponse';
import type GetExtensionInfoResponse from '@rc-ex/core/definitions/GetExtensionInfoResponse';
import type UserPhoneNumberInfo from '@rc-ex/core/definitions/UserPhoneNumberInfo';
import { jsonAnswer } from './answer.ts';
import { pagedAnswer } from './paging.ts';
import { extensionPath, type ApiRequest, type Route } from './route.ts';
import { accountId, extensionId, type SimulatedUser } from './user.ts';

const accountPath = '/restapi/v1.0/account/~';
const unitedStates = { id: '1', name: 'United States', isoCode: 'US', callingCode: '1' };

/** Routes for the account, the extension and its numbers, which the doctor requests. */
export function accountRoutes(users: readonly SimulatedUser[]): readonly Route[] {
  return [
    {
      kind: 'account',
      group: 'light',
      method: 'GET',
      path: new RegExp(`^${accountPath}$`),
      handle: (request) => jsonAnswer(200, account(request)),
    },
    {
      kind: 'account',
      group: 'light',
      method: 'GET',
      path: new RegExp(`^${extensionPath}$`),
      handle: (request) => jsonAnswer(200, extension(request, users)),
    },
    {
      kind: 'account',
      group: 'light',
      method: 'GET',
      path: new RegExp(`^${extensionPath}/phone-number$`),
      handle: (request) =>
        pagedAnswer(request, `${extensionPath}/phone-number`, request.user.phoneNumbers ?? mainNumber(request.user)),
    },
  ];
}

function account({ user, baseUrl }: ApiRequest): GetAccountInfoResponse {
  return {
    id: accountId(user),
    uri: `${baseUrl}/restapi/v1.0/account/${accountId(user)}`,
    mainNumber: `+${user.username}`,
    serviceInfo: { servicePlan: { id: '1', name: 'Demo plan' } },
    setupWizardState: 'Completed',
    status: 'Confirmed',
    regionalSettings: { homeCountry: user.homeCountry ?? unitedStates },
  };
}

function extension({ user, baseUrl }: ApiRequest, users: readonly SimulatedUser[]): GetExtensionInfoResponse {
  return {
    id: extensionId(users, user),
    uri: `${baseUrl}/restapi/v1.0/account/${accountId(user)}/extension/${extensionId(users, user)}`,
    account: { id: String(accountId(user)) },
    extensionNumber: user.extension,
    name: user.name ?? `Demo user ${user.extension}`,
    regionalSettings: { homeCountry: user.homeCountry ?? unitedStates },
    status: 'Enabled',
    type: 'User',
  };
}

function mainNumber(user: SimulatedUser): UserPhoneNumberInfo[] {
  return [
    {
      id: 1,
      phoneNumber: `+${user.username}`,
      type: 'VoiceFax',
      usageType: 'MainCompanyNumber',
      features: ['CallerId'],
      status: 'Normal',
    },
  ];
}
