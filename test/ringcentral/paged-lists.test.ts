import { createCoverPages } from '../../lib/ringcentral/cover-pages.ts';
import { readForwardingNumbers } from '../../lib/ringcentral/forwarding-numbers.ts';
import { listFaxes } from '../../lib/ringcentral/message-list.ts';
import { answerFailure } from '../../lib/ringcentral/failures.ts';
import type { Operation, UserApi } from '../../lib/ringcentral/user-api.ts';
import { LegacyFailure } from '../../lib/domain/failure.ts';
import type { User } from '../../lib/domain/user.ts';
import { silentLog } from '../silent-log.ts';

/** A RingCentral that returns the given pages. An Error is thrown. */
function apiWith(...pages: readonly unknown[]): UserApi & { readonly asked: Operation<unknown>[] } {
  const asked: Operation<unknown>[] = [];
  return {
    user: { key: 'demo-user' } as User,
    refuseIfClosed: () => {},
    asked,
    async perform(operation) {
      const page = pages[asked.length];
      asked.push(operation);
      if (page instanceof Error) throw page;
      const value = operation.read(page, new Headers());
      if (value === undefined) throw answerFailure(200, page);
      return value;
    },
  };
}

const record = (id: number): object => ({
  id: String(id),
  phoneNumber: `+1650555010${id}`,
  label: `Line ${id}`,
  type: 'Other',
  features: ['CallForwarding'],
});
const numbersOf = async (api: UserApi): Promise<readonly unknown[]> =>
  (await readForwardingNumbers(api)).map(({ phoneNumber }) => phoneNumber);

describe('the next page', () => {
  test.each<[string, readonly unknown[], number]>([
    ['one page', [{ records: [record(1)], paging: { totalPages: 1 } }], 1],
    ['no paging information', [{ records: [record(1)] }], 1],
    [
      'totals',
      [
        { records: [record(1)], paging: { totalPages: 2 } },
        { records: [record(2)], paging: { totalPages: 2 } },
      ],
      2,
    ],
    [
      'links without totals',
      [
        { records: [record(1)], navigation: { nextPage: { uri: 'x' } } },
        { records: [record(2)], navigation: {} },
      ],
      2,
    ],
    [
      'totals rather than links',
      [{ records: [record(1)], paging: { totalPages: 1 }, navigation: { nextPage: { uri: 'x' } } }],
      1,
    ],
    [
      'totals as text',
      [
        { records: [record(1)], paging: { totalPages: '2' } },
        { records: [record(2)], paging: { totalPages: '2' } },
      ],
      2,
    ],
    [
      'the number of records, when there is nothing else',
      [
        { records: [record(1)], paging: { page: 1, perPage: 1, totalElements: 3 } },
        { records: [record(2)], paging: { page: 2, totalElements: '3' } },
        { records: [record(3)], paging: { page: 3, perPage: 1, totalElements: 3 } },
      ],
      3,
    ],
    [
      'an empty page in between',
      [
        { records: [], paging: { totalPages: 2 } },
        { records: [record(1)], paging: { totalPages: 2 } },
      ],
      2,
    ],
  ])('is derived from %s', async (_, pages, asked) => {
    const api = apiWith(...pages);
    await readForwardingNumbers(api);
    expect(api.asked.map(({ query }) => query)).toEqual(
      Array.from({ length: asked }, (__, index) => ({ page: index + 1, perPage: 1000 })),
    );
  });

  test('is not followed endlessly', async () => {
    const endless = Array.from({ length: 60 }, (_, page) => ({
      records: [record(page)],
      navigation: { nextPage: {} },
    }));
    const api = apiWith(...endless);
    await expect(readForwardingNumbers(api)).rejects.toMatchObject({ code: 'upstream_answer' });
    expect(api.asked).toHaveLength(50);
  });

  test('is not followed when it repeats the page before', async () => {
    const repeated = { records: [record(1), record(2)], navigation: { nextPage: {} } };
    const api = apiWith(...Array.from({ length: 60 }, () => repeated));
    expect(await numbersOf(api)).toEqual(['+16505550101', '+16505550102']);
    expect(api.asked).toHaveLength(2);
  });

  test('that fails makes the whole list fail, because half a list would look complete', async () => {
    const api = apiWith({ records: [record(1)], paging: { totalPages: 2 } }, new LegacyFailure('throttled'));
    await expect(readForwardingNumbers(api)).rejects.toMatchObject({ code: 'throttled' });
  });
});

test.each([undefined, null, 7, 'x', [], {}, { records: {} }, { records: null }])('%j is not a list', async (page) => {
  await expect(readForwardingNumbers(apiWith(page))).rejects.toMatchObject({ code: 'upstream_answer' });
});

test('records of any kind are tolerated', async () => {
  const odd = [
    null,
    7,
    'x',
    [],
    {},
    { phoneNumber: 5, label: {}, features: 'CallForwarding' },
    { ...record(1), features: [7, 'CallForwarding'] },
  ];
  expect(await numbersOf(apiWith({ records: odd }))).toEqual([...Array.from({ length: 6 }), '+16505550101']);
});

describe('the list of faxes', () => {
  const messages = [{ id: 1, creationTime: '2026-11-23T12:00:00Z', to: [{ phoneNumber: '+16505550101' }] }, null];
  const list = (...pages: readonly unknown[]) => listFaxes(apiWith(...pages), { fromMs: 0, toMs: 1 }, () => 0);

  test('has every record, readable or not', async () => {
    const { faxes } = await list({ records: messages, paging: { totalPages: 1, totalElements: 2 } });
    expect(faxes).toMatchObject([
      { id: '1', createdAtMs: Date.UTC(2026, 10, 23, 12), numbers: ['+16505550101'] },
      { id: undefined, createdAtMs: undefined, numbers: [] },
    ]);
  });

  test.each<[string, readonly unknown[]]>([
    ['its only page is empty', [{ records: [], paging: { totalPages: 1, totalElements: 1 } }]],
    [
      'a later page is empty',
      [
        { records: messages, paging: { totalPages: 2, totalElements: 3 } },
        { records: [], paging: { totalPages: 2, totalElements: 3 } },
      ],
    ],
    [
      'a page is repeated',
      Array.from({ length: 2 }, () => ({ records: messages, paging: { totalPages: 2, totalElements: 4 } })),
    ],
  ])('is not read when %s although it claims to have more', async (_, pages) => {
    await expect(list(...pages)).rejects.toMatchObject({ code: 'upstream_answer' });
  });
});

describe('cover pages by name', () => {
  const named = (name: string) => ({ kind: 'named', name }) as const;
  const dictionary = [
    {
      records: [
        { id: '0', name: 'None' },
        { id: '15', name: 'English (US)' },
        { id: 27, name: 'Number' },
      ],
      paging: { totalPages: 2 },
    },
    {
      records: [
        { id: '104', name: 'Letterhead' },
        { id: 'x', name: 'Odd' },
        { name: 'No id' },
        { id: null, name: 'Null' },
        null,
      ],
      paging: { totalPages: 2 },
    },
  ];

  test('are found on any page, by name or id, and cached for an hour', async () => {
    const resolve = createCoverPages();
    const api = apiWith(...dictionary, ...dictionary);
    const found = (name: string, nowMs: number) => resolve(api, named(name), nowMs, silentLog);
    expect(await found('LETTERHEAD', 0)).toBe(104);
    expect(await found('english (us)', 1)).toBe(15);
    expect(await found('number', 1)).toBe(27);
    expect(await found('104', 3_599_000)).toBe(104);
    for (const name of ['Odd', 'No id', 'Null', 'x', '__proto__', '105']) expect(await found(name, 1)).toBeUndefined();
    expect(api.asked).toHaveLength(2);
    expect(await found('letterhead', 3_600_000)).toBe(104);
    expect(api.asked).toHaveLength(4);
  });

  test('that cannot be read mean the default, and are requested again next time', async () => {
    const resolve = createCoverPages();
    const api = apiWith(new LegacyFailure('throttled'), ...dictionary);
    expect(await resolve(api, named('Letterhead'), 0, silentLog)).toBeUndefined();
    expect(await resolve(api, named('Letterhead'), 1, silentLog)).toBe(104);
  });

  test('rethrow a bug', async () => {
    await expect(createCoverPages()(apiWith(new TypeError('demo')), named('x'), 0, silentLog)).rejects.toThrow(
      TypeError,
    );
  });
});
