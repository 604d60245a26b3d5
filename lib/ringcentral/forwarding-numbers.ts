import type GetExtensionForwardingNumberListResponse from '@rc-ex/core/definitions/GetExtensionForwardingNumberListResponse';
import type { ForwardingNumber } from '../domain/forwarding-number.ts';
import { asArray, asText, type Json } from '../domain/untrusted.ts';
import type { UserApi } from './user-api.ts';
import { readAllPages } from './pages.ts';

const path = '/restapi/v1.0/account/~/extension/~/forwarding-number';

type RecordField = keyof NonNullable<GetExtensionForwardingNumberListResponse['records']>[number];
const field = (record: Json, name: RecordField): unknown => record[name];

/** All forwarding numbers of the user, in RingCentral's order. */
export async function readForwardingNumbers(api: UserApi): Promise<readonly ForwardingNumber[]> {
  const records = await readAllPages(api, 'forwarding-number', path);
  return records.map((record) => ({
    phoneNumber: asText(field(record, 'phoneNumber')),
    label: asText(field(record, 'label')),
    type: asText(field(record, 'type')),
    features: asArray(field(record, 'features')).filter((feature) => typeof feature === 'string'),
    record,
  }));
}
