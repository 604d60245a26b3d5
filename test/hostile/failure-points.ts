import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientOf } from '../../infra/local/dynamodb-client.ts';
import { handlersFrom, type Handlers } from '../handlers.ts';
import { logOf, type Product } from '../product.ts';
import { credentials, faxCredentials } from '../demo.ts';
import { formPost, formType, multipartPost, type EventOptions } from '../gateway-event.ts';
import { field, file, multipart, type WirePart } from '../multipart.ts';
import type { FailureCode } from '../../lib/domain/failure.ts';
import type { Fault, FaultKind } from '../../infra/local/simulator/faults.ts';
import { createRuntime, type Runtime } from '../../lib/runtime/runtime.ts';
import { phoneRules } from '../../lib/legacy/phone-number.ts';

/** A place where something can fail, and the answer that a legacy program gets then. */
export interface FailurePoint {
  readonly where: string;
  /** Body of the answer to a call. `<sid>` stands for nine digits. Left out if the failure cannot happen to a call. */
  readonly call?: string;
  /** Body of the answer to a fax. Left out if the failure cannot happen to a fax. */
  readonly fax?: string;
  /** The code of a failure that only a fax can have. For calls, the text of the answer shows the code. */
  readonly faxFailure?: FailureCode;
  /** Whether RingCentral has carried out the request. Default false. */
  readonly carriedOut?: boolean;
  /** How often RingCentral receives the call or fax. Default 1 if it has carried it out, else 0. */
  readonly received?: number;
  /** Causes the failure. Returns the functions to invoke if they are not the usual ones. */
  readonly arrange?: (product: Product) => Handlers | void;
  /** The request if it is not a valid call or fax. */
  readonly request?: { readonly call?: EventOptions; readonly fax?: EventOptions };
  /** Lambda's remaining time, for failures caused by too little of it. */
  readonly remainingMs?: number;
  /** How long the product waits in vain for the answer after RingCentral has carried out the request. */
  readonly waitsMs?: number;
}

export interface Chapter {
  readonly title: string;
  readonly points: readonly FailurePoint[];
}

const failed = {
  credentials: 'FAILED Invalid User or Password',
  configuration: 'FAILED This service is not set up correctly',
  secret: 'FAILED The credentials stored for this service cannot be read',
  internal: 'FAILED Internal error of this service',
  deadline: 'FAILED The request could not be finished in time',
  jwt: 'FAILED RingCentral refuses the credential stored for this user',
  client: 'FAILED RingCentral refuses the application credentials of this service',
  rejected: 'FAILED RingCentral ended the sign-in of this user, try again',
  throttled:
    'FAILED RingCentral could not be reached because this user sent too many requests, try again in 60 seconds',
  unreachable: 'FAILED RingCentral could not be reached, nothing was sent',
  timeout: 'FAILED RingCentral could not be reached in time',
  upstream: 'FAILED RingCentral could not be reached, it reports an internal error',
  answer: 'FAILED RingCentral sent an answer that cannot be understood',
  uncertain:
    'FAILED RingCentral did not confirm the call, which may have been placed, so the same call is not placed again for a minute',
  application: 'FAILED The RingCentral application of this service lacks the permission for this',
  user: 'FAILED The RingCentral user lacks the permission for this',
  plan: 'FAILED The RingCentral plan of this account does not include this',
} as const;

const placed = 'OK <sid> 3';
/** The longest wait for RingCentral's answer to a call or fax. */
const placingTimeoutMs = 20_000;

/** Answers the next calls and faxes with the fault. RingCentral receives no other one, since none is sent again. */
const upstream = (fault: Fault, times = 1) => ({
  received: times,
  arrange: ({ simulator }: Product): void => {
    for (const kind of ['ring-out', 'fax'] as const) simulator.failNext(kind, fault, times);
  },
});
const refusal = (status: number, errorCode: string): Fault => ({ status, body: { errors: [{ errorCode }] } });

/** Answers the next token request with the fault, and makes the cached token expire. */
const grant = (fault: Fault) => ({
  arrange: ({ simulator, clock }: Product): void => {
    clock.advance(3_600_000);
    simulator.failNext('token' satisfies FaultKind, fault);
  },
});

/** Uses a container with a broken part of the runtime. */
const broken = (replace: (runtime: Runtime) => Partial<Runtime>) => ({
  arrange: (product: Product): Handlers => product.container({ replace }),
});

const unreachableTable: Pick<DynamoDBClient, 'send'> = { send: () => Promise.reject(new Error('demo outage')) };
const unreachableSecrets = { send: () => Promise.reject(new Error('demo outage')) };

/** A table that can be read but not written. */
function readOnlyTable(product: Product): Pick<DynamoDBClient, 'send'> {
  const client = clientOf(product.table);
  const send = (command: { readonly constructor: { readonly name: string } }): Promise<unknown> =>
    command.constructor.name === 'GetItemCommand'
      ? client.send(command as never)
      : Promise.reject(new Error('demo outage'));
  return { send: send as never };
}

const bug = (): never => {
  throw new TypeError('demo bug');
};

export const callQuery = { cmd: 'call', ...credentials, To: '6505550100', From: '6505553711' };
const recipient = field('Recipient', '6505550190');
const document = file('a.txt', 'x');
const faxOf = (...parts: readonly WirePart[]): EventOptions => multipartPost([...faxCredentials, ...parts]);

export const chapters: readonly Chapter[] = [
  {
    title: 'In the request',
    points: [
      {
        where: 'wrong credentials',
        call: failed.credentials,
        fax: '1',
        request: {
          call: { query: { ...callQuery, Password: 'wrong' } },
          fax: multipartPost([field('Username', '18889363711*101'), field('Password', 'wrong'), recipient, document]),
        },
      },
      {
        where: 'no number',
        call: 'FAILED The To number is missing',
        fax: '3',
        request: { call: { query: { ...callQuery, To: '' } }, fax: faxOf(document) },
      },
      { where: 'nothing to send', fax: '4', faxFailure: 'fax_data_missing', request: { fax: faxOf(recipient) } },
      {
        where: 'text that is not a number: a fax then goes to nobody',
        call: 'FAILED The To number is not a phone number, write a foreign one with + before it',
        fax: '5',
        request: {
          call: { query: { ...callQuery, To: 'reception' } },
          fax: faxOf(recipient, field('Recipient', 'reception'), document),
        },
      },
      {
        where: 'a body that is cut short or cannot be read',
        call: 'FAILED The request body cannot be read or was cut short',
        fax: '5',
        request: {
          call: { ...formPost(callQuery), headers: { 'Content-Type': formType, 'Content-Length': '9999' } },
          fax: multipartPost(multipart([...faxCredentials, recipient, document]).subarray(0, -5)),
        },
      },
      {
        where: 'a method other than GET and POST',
        call: 'FAILED This HTTP method is not served here',
        fax: '5',
        request: { call: { method: 'PUT', query: callQuery }, fax: { ...faxOf(recipient, document), method: 'PUT' } },
      },
      {
        where: 'a fax by GET',
        fax: '5',
        faxFailure: 'method',
        request: { fax: { query: { ...credentials, Recipient: '6505550190', Coverpagetext: 'Hi' } } },
      },
    ],
  },
  {
    title: 'In the function',
    points: [
      {
        where: 'a setting is missing',
        call: failed.configuration,
        fax: '5',
        arrange: (product) =>
          handlersFrom({
            runtime: () => createRuntime({}, { write() {}, phoneRules }),
            log: logOf(product),
            clock: product.clock,
          }),
      },
      {
        where: 'the secret has mistakes',
        call: failed.configuration,
        fax: '5',
        arrange: (product) =>
          product.container({ secretsManager: { send: (() => Promise.resolve({ SecretString: '{}' })) as never } }),
      },
      {
        where: 'Secrets Manager cannot be reached',
        call: failed.secret,
        fax: '5',
        arrange: (product) => product.container({ secretsManager: unreachableSecrets }),
      },
      {
        where: 'a bug before RingCentral is asked',
        call: failed.internal,
        fax: '5',
        ...broken(() => ({ openApi: bug })),
      },
      {
        where: 'a bug in obtaining the token',
        call: failed.internal,
        fax: '5',
        ...broken(({ users }) => ({ users: { ...users, read: bug } })),
      },
      {
        where: 'a bug in counting what RingCentral has placed',
        call: placed,
        fax: '0',
        carriedOut: true,
        ...broken(({ metrics }) => ({ metrics: { ...metrics, answered: bug } })),
      },
      {
        where: 'a bug in storing the session of a placed call',
        call: placed,
        carriedOut: true,
        ...broken(({ sessions }) => ({ sessions: { ...sessions, create: bug } })),
      },
      {
        where: 'too little time is left',
        call: failed.deadline,
        fax: '5',
        remainingMs: 1900,
      },
      {
        where: 'the container of the same earlier request died',
        call: failed.uncertain,
        fax: '5',
        ...broken(({ marks, clock }) => ({
          marks: {
            ...marks,
            take: () => Promise.resolve(false),
            read: () =>
              Promise.resolve({
                owner: 'demo-owner',
                requestId: 'demo-request',
                sessionId: undefined,
                takenAtMs: clock.nowMs() - 30_000,
                deadlineMs: clock.nowMs() - 3000,
                outcome: undefined,
                untilMs: undefined,
              }),
          },
        })),
      },
      {
        where: 'something else never comes back',
        call: failed.deadline,
        fax: '5',
        remainingMs: 1700,
        ...broken(({ users }) => ({ users: { ...users, read: () => new Promise<never>(() => {}) } })),
      },
    ],
  },
  {
    title: 'At the state table (DynamoDB)',
    points: [
      {
        where: 'it cannot be used: token and session stay in memory',
        call: placed,
        fax: '0',
        carriedOut: true,
        arrange: (product) => product.container({ dynamoDb: unreachableTable }),
      },
      {
        where: 'neither it nor the token endpoint can be used',
        call: failed.upstream,
        fax: '5',
        arrange: (product) => {
          product.simulator.failNext('token', { status: 503 }, 2);
          return product.container({ dynamoDb: unreachableTable });
        },
      },
      {
        where: 'it cannot be written',
        call: placed,
        fax: '0',
        carriedOut: true,
        arrange: (product) => product.container({ dynamoDb: readOnlyTable(product) }),
      },
    ],
  },
  {
    title: 'At the token endpoint of RingCentral',
    points: [
      { where: 'the JWT is refused', call: failed.jwt, fax: '1', ...grant(refusal(400, 'OAU-213')) },
      { where: 'the application is refused', call: failed.client, fax: '5', ...grant(refusal(401, 'OAU-146')) },
      { where: 'throttled', call: failed.throttled, fax: '5', ...grant({ status: 429 }) },
      { where: 'an internal error', call: failed.upstream, fax: '5', ...grant({ status: 500 }) },
      { where: 'a page instead of JSON', call: failed.answer, fax: '5', ...grant('not-json') },
      { where: 'JSON without a token', call: failed.answer, fax: '5', ...grant({ status: 200, body: {} }) },
      { where: 'the connection breaks', call: failed.unreachable, fax: '5', ...grant('reset-before') },
      { where: 'half an answer', call: failed.unreachable, fax: '5', ...grant('truncated') },
    ],
  },
  {
    title: 'At RingCentral, placing the call or sending the fax',
    points: [
      {
        where: 'the token is rejected once',
        call: placed,
        fax: '0',
        carriedOut: true,
        ...upstream({ status: 401 }),
        received: 2,
      },
      { where: 'the token is rejected twice', call: failed.rejected, fax: '5', ...upstream({ status: 401 }, 2) },
      { where: 'throttled', call: failed.throttled, fax: '5', ...upstream({ status: 429 }) },
      {
        where: 'the application lacks a permission (CMN-401)',
        call: failed.application,
        fax: '2',
        ...upstream(refusal(403, 'CMN-401')),
      },
      {
        where: 'the user lacks a permission (CMN-408)',
        call: failed.user,
        fax: '2',
        ...upstream(refusal(403, 'CMN-408')),
      },
      {
        where: 'the plan does not include it (BIL-103)',
        call: failed.plan,
        fax: '2',
        ...upstream(refusal(403, 'BIL-103')),
      },
      {
        where: 'the plan does not include this feature (CMN-403)',
        call: failed.plan,
        fax: '2',
        ...upstream(refusal(403, 'CMN-403')),
      },
      {
        where: 'too large (413), whatever the code',
        fax: '5',
        faxFailure: 'fax_too_large',
        ...upstream(refusal(413, 'CMN-401')),
      },
      {
        where: 'refused for another reason',
        call: 'FAILED RingCentral refused the request (CMN-100)',
        fax: '5',
        ...upstream(refusal(400, 'CMN-100')),
      },
      {
        where: 'refused without a readable reason',
        call: 'FAILED RingCentral refused the request',
        fax: '5',
        ...upstream({ status: 403, body: '<html>', contentType: 'text/html' }),
      },
      { where: 'an internal error (500)', call: failed.uncertain, fax: '5', ...upstream({ status: 500 }) },
      {
        where: 'a page of a gateway in between (502)',
        call: failed.uncertain,
        fax: '5',
        ...upstream({ status: 502, body: '<html>', contentType: 'text/html' }),
      },
      {
        where: 'something equal is under way (429 CMN-304)',
        call: failed.uncertain,
        fax: '5',
        ...upstream(refusal(429, 'CMN-304')),
      },
      { where: 'not available (503)', call: failed.uncertain, fax: '5', ...upstream({ status: 503 }) },
      {
        where: 'the connection breaks before the request is read',
        call: failed.uncertain,
        fax: '5',
        ...upstream('reset-before'),
      },
      {
        where: 'the connection breaks after it is carried out',
        call: failed.uncertain,
        fax: '5',
        carriedOut: true,
        ...upstream('reset-after'),
      },
      {
        where: 'no answer in time',
        call: failed.uncertain,
        fax: '5',
        carriedOut: true,
        waitsMs: placingTimeoutMs,
        ...upstream('hang'),
      },
      {
        where: 'an answer one byte a second',
        call: failed.uncertain,
        fax: '5',
        carriedOut: true,
        waitsMs: placingTimeoutMs,
        ...upstream('slow-body'),
      },
      { where: 'half an answer', call: failed.uncertain, fax: '5', carriedOut: true, ...upstream('truncated') },
      { where: 'success with a page instead of JSON', call: failed.uncertain, fax: '5', ...upstream('not-json') },
      { where: 'success without a body', call: failed.uncertain, fax: '5', ...upstream({ status: 204, body: '' }) },
      { where: 'success without an id', call: failed.uncertain, fax: '5', ...upstream({ status: 200, body: {} }) },
      {
        where: 'success, but the fax has failed already',
        fax: '5',
        faxFailure: 'refused',
        ...upstream({ status: 200, body: { id: 1, messageStatus: 'SendingFailed' } }),
      },
      {
        where: 'a redirect',
        call: failed.uncertain,
        fax: '5',
        ...upstream({ status: 302, headers: { location: '/' } }),
      },
    ],
  },
];
