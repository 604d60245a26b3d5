/** DynamoDB actions that a function may use on the items of one kind in the state table. */
type ItemActions = readonly ('dynamodb:GetItem' | 'dynamodb:PutItem' | 'dynamodb:UpdateItem')[];

/** A path of the API with its function. `ANY` covers every method without a route of its own. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'ANY';
  readonly path: string;
}

/** One Lambda. The settings common to all are in resources/functions.ts and resources/roles.ts. */
export interface FunctionRow {
  /** Its routes in API Gateway; empty for a function that runs on a schedule or receives messages. */
  readonly routes: readonly Route[];
  readonly schedule?: { readonly everyMinutes: number };
  /**
   * Receives the messages of the outbox's queue one by one: at most one per user, and `atOnce` users, at the same time.
   */
  readonly queue?: { readonly atOnce: number };
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Its actions on items whose key begins with `SESSION#`; default: none. */
  readonly sessions?: ItemActions;
  /** Its actions on items whose key begins with `MARK#`; default: none. */
  readonly marks?: ItemActions;
  /** Its actions on items whose key begins with `FAX#`; default: none. */
  readonly faxes?: ItemActions;
  /**
   * Its access to the outbox's bucket and queue; default: none. `enters` puts objects and sends messages. `sends` reads
   * and deletes objects, and receives, holds back, deletes and sends messages.
   */
  readonly outbox?: 'enters' | 'sends';
}

/** API Gateway times out after 29 seconds. */
const beforeGatewaySeconds = 28;

/** Memory sets the share of a processor and thereby the latency for programs: docs/dev/performance.md. */
const http = { memoryMb: 1024, timeoutSeconds: beforeGatewaySeconds };

const getAndPost = (path: string): readonly Route[] => [
  { method: 'GET', path },
  { method: 'POST', path },
];

/** The actions of call, status and cancel on sessions together. */
const everySessionAction: ItemActions = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/** A function that places a call or sends a fax writes a mark, and reads the mark of an equal request. */
const marks: ItemActions = ['dynamodb:GetItem', 'dynamodb:UpdateItem'];

/** A fax request enters a fax into the outbox, withdraws it, and reads how it ended. */
const entersOutbox = {
  faxes: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  outbox: 'enters',
} as const satisfies Pick<FunctionRow, 'faxes' | 'outbox'>;

/**
 * Every Lambda of the service, by name: `functions/<name>.ts`. The template's functions, roles and alarms are made from
 * this table, and so are the routes of the local gateway and of the tests.
 */
export const functions = {
  /** Serves /ringout.asp: all four commands in one process. */
  ringout: { routes: getAndPost('/ringout.asp'), ...http, sessions: everySessionAction, marks },
  /** Serves the fax paths. */
  fax: { routes: [...getAndPost('/faxapi.asp'), ...getAndPost('/faxout.asp')], ...http, marks, ...entersOutbox },
  /** Serves every other path and method: other spellings of the legacy paths work, everything else is refused. */
  'catch-all': {
    routes: [{ method: 'ANY', path: '/{proxy+}' }],
    ...http,
    sessions: everySessionAction,
    marks,
    ...entersOutbox,
  },
  /** The commands at separate paths. `call` writes the session of its call and reads the session of an equal one. */
  list: { routes: getAndPost('/ringout/list'), ...http, memoryMb: 512 },
  call: { routes: getAndPost('/ringout/call'), ...http, sessions: ['dynamodb:GetItem', 'dynamodb:PutItem'], marks },
  /** Reads the session and stores its last known status. */
  status: { routes: getAndPost('/ringout/status'), ...http, sessions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
  /** Reads the session and records the cancellation. */
  cancel: { routes: getAndPost('/ringout/cancel'), ...http, sessions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
  /** Renews all users' tokens before they expire, five users at a time, so that no request waits for a grant. */
  'refresh-token': { routes: [], schedule: { everyMinutes: 10 }, memoryMb: 256, timeoutSeconds: 120 },
  /** The only function that sends faxes from the outbox. */
  'send-fax': {
    routes: [],
    queue: { atOnce: 5 },
    memoryMb: 512,
    timeoutSeconds: 60,
    faxes: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    outbox: 'sends',
  },
} as const satisfies Readonly<Record<string, FunctionRow>>;

export type FunctionName = keyof typeof functions;

export const functionRows: readonly (FunctionRow & { readonly name: FunctionName })[] = Object.entries(functions).map(
  ([name, row]) => ({ ...row, name: name as FunctionName }),
);

export const httpFunctionNames = functionRows.filter(({ routes }) => routes.length > 0).map(({ name }) => name);
