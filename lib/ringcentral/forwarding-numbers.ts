import type GetExtensionForwardingNumberListResponse from '@rc-ex/core/definitions/GetExtensionForwardingNumberListResponse';
import { LegacyFailure } from '../domain/failure.ts';
import type { ForwardingNumber } from '../domain/ring-out.ts';
import type { UserApi } from './api.ts';
import { asArray, asNumber, asObject, asText, type Json } from '../domain/untrusted.ts';

const path = '/restapi/v1.0/account/~/extension/~/forwarding-number';

/** RingCentral's largest page; one page holds every user's numbers in practice. */
const perPage = 1000;

/** A bound, so that an answer that always names a next page cannot keep a request going. */
const maxPages = 50;

type RecordField = keyof NonNullable<GetExtensionForwardingNumberListResponse['records']>[number];
const field = (record: Json, name: RecordField): unknown => record[name];

/** All forwarding numbers of the user, in RingCentral's order, over all pages. One request per page. */
export async function readForwardingNumbers(api: UserApi): Promise<readonly ForwardingNumber[]> {
  const numbers: ForwardingNumber[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const answer = await api.perform({ route: 'forwarding-number', method: 'GET', path, query: { page, perPage } });
    const json = asObject(answer.json);
    if (!Array.isArray(json?.['records']))
      throw new LegacyFailure('upstream_answer', { upstreamStatus: answer.status });
    numbers.push(...asArray(json['records']).flatMap(readRecord));
    if (!hasNextPage(json, page)) return numbers;
  }
  throw new LegacyFailure('upstream_answer', { note: `more than ${maxPages} pages of forwarding numbers` });
}

function readRecord(value: unknown): readonly ForwardingNumber[] {
  const record = asObject(value);
  if (record === undefined) return [];
  return [
    {
      phoneNumber: asText(field(record, 'phoneNumber')),
      label: asText(field(record, 'label')),
      type: asText(field(record, 'type')),
      features: asArray(field(record, 'features')).filter((feature) => typeof feature === 'string'),
      record,
    },
  ];
}

/** The reference names both: a link that is absent on the last page, and totals that may be missing. */
function hasNextPage(json: Json, page: number): boolean {
  const next = asObject(asObject(json['navigation'])?.['nextPage']);
  const totalPages = asNumber(asObject(json['paging'])?.['totalPages']);
  return totalPages === undefined ? next !== undefined : page < totalPages;
}
