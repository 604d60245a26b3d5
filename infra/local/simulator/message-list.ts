import type GetMessageInfoResponse from '@rc-ex/core/definitions/GetMessageInfoResponse';
import type MessageStoreCallerInfoResponseTo from '@rc-ex/core/definitions/MessageStoreCallerInfoResponseTo';
import { invalidParameter, type Answer } from './answer.ts';
import { isObject, unknownKey } from './body.ts';
import { faxRecord, type SimulatedFax } from './fax.ts';
import { pagedAnswer } from './paging.ts';
import { extensionPath, type ApiRequest, type Route } from './route.ts';
import { userLabel } from './user.ts';

/** Properties of the message list that RingCentral does not document, or that vary by account. */
export interface MessageListSettings {
  /** Milliseconds between a fax's acceptance and its appearance in the list. */
  readonly lagMs: number;
  /** Whether a fax to several recipients has one record per recipient or only one in total. */
  readonly recordPerRecipient: boolean;
  /** Whether numbers are formatted for people, `(650) 555-0123`, instead of E.164. */
  readonly formattedNumbers: boolean;
  /** The availability of every fax in its user's RingCentral app. */
  readonly availability: NonNullable<GetMessageInfoResponse['availability']>;
}

export const usualMessageList: MessageListSettings = {
  lagMs: 3000,
  recordPerRecipient: false,
  formattedNumbers: false,
  availability: 'Alive',
};

/** Milliseconds a fax is `Queued` before it is `Sent` or `SendingFailed`. */
const transmissionMs = 20_000;

/** The error for fax numbers with these last four digits. Faxes to all other numbers are sent. */
const faxErrors: Readonly<Record<string, NonNullable<MessageStoreCallerInfoResponseTo['faxErrorCode']>>> = {
  '0101': 'LineBusy',
  '0102': 'NoAnswer',
  '0103': 'CallDeclined',
};

const dayMs = 24 * 60 * 60_000;
const availabilities = ['Alive', 'Deleted', 'Purged'] as const;
const parameters = ['availability', 'dateFrom', 'dateTo', 'direction', 'messageType', 'page', 'perPage'];
const path = `${extensionPath}/message-store`;

/** `GET …/message-store`: the faxes the user sent, newest first. */
export function messageListRoute(faxes: () => readonly SimulatedFax[], settings: () => MessageListSettings): Route {
  return {
    kind: 'message-list',
    group: 'light',
    method: 'GET',
    path: new RegExp(`^${path}$`),
    handle(request) {
      const filter = readFilter(request);
      if ('headers' in filter) return filter;
      const records = faxes()
        .filter(({ user }) => user === userLabel(request.user))
        .filter(({ acceptedAtMs }) => acceptedAtMs + settings().lagMs <= request.nowMs)
        .filter(({ acceptedAtMs }) => acceptedAtMs >= filter.fromMs && acceptedAtMs <= filter.toMs)
        .toReversed()
        .flatMap((fax) => recordsOf(request, fax, settings()));
      return pagedAnswer(request, path, filter.hasOutboundFaxes(settings()) ? records : []);
    },
  };
}

interface Filter {
  readonly fromMs: number;
  readonly toMs: number;
  /** The simulator has only outbound faxes, so every filter but the dates matches all of them or none. */
  hasOutboundFaxes(settings: MessageListSettings): boolean;
}

function readFilter({ query, nowMs }: ApiRequest): Filter | Answer {
  const unknown = unknownKey(Object.fromEntries(query), parameters);
  if (unknown !== undefined) return invalidParameter(unknown, query.get(unknown));
  const allowed: readonly (readonly [name: string, values: readonly string[]])[] = [
    ['availability', availabilities],
    ['direction', ['Inbound', 'Outbound']],
    ['messageType', ['Fax', 'SMS', 'VoiceMail', 'Pager']],
  ];
  for (const [name, values] of allowed) {
    const wrong = query.getAll(name).find((value) => !values.includes(value));
    if (wrong !== undefined) return invalidParameter(name, wrong);
  }
  // Defaults from RingCentral's API reference.
  const toMs = time(query.get('dateTo'), nowMs);
  if (toMs === undefined) return invalidParameter('dateTo', query.get('dateTo'));
  const fromMs = time(query.get('dateFrom'), toMs - dayMs);
  if (fromMs === undefined) return invalidParameter('dateFrom', query.get('dateFrom'));
  const admits = (name: string, value: string): boolean => !query.has(name) || query.getAll(name).includes(value);
  return {
    fromMs,
    toMs,
    hasOutboundFaxes: ({ availability }) =>
      admits('availability', availability) && admits('direction', 'Outbound') && admits('messageType', 'Fax'),
  };
}

/** Returns undefined for a text that is not a time with a time zone. */
function time(text: string | null, fallback: number): number | undefined {
  if (text === null || text === '') return fallback;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

function recordsOf(request: ApiRequest, fax: SimulatedFax, settings: MessageListSettings): GetMessageInfoResponse[] {
  const recipients = (faxRecord(request, fax).to ?? []).map((recipient) =>
    currentRecipient(recipient, fax, request, settings),
  );
  const groups = settings.recordPerRecipient ? recipients.map((recipient) => [recipient]) : [recipients];
  return groups.map((to, index) => {
    const record = faxRecord(request, { ...fax, id: fax.id + index });
    const messageStatus = statusOf(to);
    return {
      ...record,
      to,
      messageStatus,
      availability: settings.availability,
      // RingCentral counts the pages after rendering them.
      faxPageCount: messageStatus === 'Queued' ? 0 : fax.documents.length + (fax.coverIndex === 0 ? 0 : 1),
    };
  });
}

function currentRecipient(
  recipient: MessageStoreCallerInfoResponseTo,
  { acceptedAtMs, sendTime }: SimulatedFax,
  { nowMs }: ApiRequest,
  { formattedNumbers }: MessageListSettings,
): MessageStoreCallerInfoResponseTo {
  const number = recipient.phoneNumber ?? '';
  const startsAtMs = Math.max(acceptedAtMs, sendTime === undefined ? 0 : Date.parse(sendTime));
  const isOver = nowMs >= startsAtMs + transmissionMs;
  const faxErrorCode = isOver ? faxErrors[number.slice(-4)] : undefined;
  return {
    ...recipient,
    phoneNumber: formattedNumbers ? number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3') : number,
    messageStatus: !isOver ? 'Queued' : faxErrorCode === undefined ? 'Sent' : 'SendingFailed',
    ...(faxErrorCode !== undefined && { faxErrorCode }),
  };
}

/**
 * Queued while any recipient is queued, failed if any failed, otherwise sent (RingCentral community, question 8892).
 */
function statusOf(to: readonly MessageStoreCallerInfoResponseTo[]): 'Queued' | 'SendingFailed' | 'Sent' {
  const statuses = to.map(({ messageStatus }) => messageStatus);
  return statuses.includes('Queued') ? 'Queued' : statuses.includes('SendingFailed') ? 'SendingFailed' : 'Sent';
}

/** Parses some of the settings from another process. Returns a text if something is wrong. */
export function readMessageListSettings(value: unknown): Partial<MessageListSettings> | string {
  const expected = `expected some of {${Object.keys(usualMessageList).join(', ')}}`;
  if (!isObject(value) || unknownKey(value, Object.keys(usualMessageList)) !== undefined) return expected;
  const { lagMs, recordPerRecipient, formattedNumbers } = value;
  if (lagMs !== undefined && !(typeof lagMs === 'number' && Number.isFinite(lagMs) && lagMs >= 0)) {
    return 'lagMs must be milliseconds';
  }
  if (recordPerRecipient !== undefined && typeof recordPerRecipient !== 'boolean') {
    return 'recordPerRecipient must be true or false';
  }
  if (formattedNumbers !== undefined && typeof formattedNumbers !== 'boolean') {
    return 'formattedNumbers must be true or false';
  }
  const availability = availabilities.find((known) => known === value['availability']);
  if (value['availability'] !== undefined && availability === undefined) {
    return `availability must be one of ${availabilities.join(', ')}`;
  }
  return {
    ...(lagMs !== undefined && { lagMs }),
    ...(recordPerRecipient !== undefined && { recordPerRecipient }),
    ...(formattedNumbers !== undefined && { formattedNumbers }),
    ...(availability !== undefined && { availability }),
  };
}
