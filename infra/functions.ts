/** What a function may do with the items of one kind in the state table: actions of DynamoDB. */
type ItemActions = readonly ('dynamodb:GetItem' | 'dynamodb:PutItem' | 'dynamodb:UpdateItem')[];

/** A path of the API with the function that answers there; `ANY` stands for every method that has no route of its own. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'ANY';
  readonly path: string;
}

/** One Lambda. Everything else that is the same for all of them is in resources/functions.ts and resources/roles.ts. */
export interface FunctionRow {
  /** Where API Gateway calls it; none for one that runs on a schedule or takes messages. */
  readonly routes: readonly Route[];
  readonly schedule?: { readonly everyMinutes: number };
  /** Given the messages of the outbox's queue one by one, those of one user never at once; `atOnce` users at most. */
  readonly queue?: { readonly atOnce: number };
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** What it may do with items whose key begins with `SESSION#`; nothing unless said. */
  readonly sessions?: ItemActions;
  /** What it may do with items whose key begins with `MARK#`; nothing unless said. */
  readonly marks?: ItemActions;
  /** What it may do with items whose key begins with `FAX#`; nothing unless said. */
  readonly faxes?: ItemActions;
  /**
   * What it may do with the outbox's bucket and queue; nothing unless said. `enters` puts objects and sends messages; `sends`
   * reads and deletes objects, and receives, holds back, deletes and sends messages.
   */
  readonly outbox?: 'enters' | 'sends';
}

/** API Gateway gives up after 29 seconds. */
const beforeGatewaySeconds = 28;

/** Memory decides the share of a processor, and that how long programs wait: docs/dev/performance.md. */
const http = { memoryMb: 1024, timeoutSeconds: beforeGatewaySeconds };

const getAndPost = (path: string): readonly Route[] => [
  { method: 'GET', path },
  { method: 'POST', path },
];

/** What call, status and cancel may do with sessions, together. */
const everySessionAction: ItemActions = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];

/** Whoever places a call or a fax marks it, and reads the mark of an equal request. */
const marks: ItemActions = ['dynamodb:GetItem', 'dynamodb:UpdateItem'];

/** A fax enters the outbox, is withdrawn from it, and how it ended is read. */
const entersOutbox = {
  faxes: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  outbox: 'enters',
} as const satisfies Pick<FunctionRow, 'faxes' | 'outbox'>;

/**
 * Every Lambda of the service, by name: `functions/<name>.ts`. The functions, roles and alarms of the template, the routes of
 * the local gateway and those of the tests are made from this table.
 */
export const functions = {
  /** The front door of /ringout.asp: all four commands in one process. */
  ringout: { routes: getAndPost('/ringout.asp'), ...http, sessions: everySessionAction, marks },
  /** The front door for faxes. */
  fax: { routes: [...getAndPost('/faxapi.asp'), ...getAndPost('/faxout.asp')], ...http, marks, ...entersOutbox },
  /** Every other path and method: other spellings of the legacy paths are served, the rest is refused. */
  'catch-all': {
    routes: [{ method: 'ANY', path: '/{proxy+}' }],
    ...http,
    sessions: everySessionAction,
    marks,
    ...entersOutbox,
  },
  /** The commands at paths of their own. `call` writes the session of the call it placed, and reads that of an equal one. */
  list: { routes: getAndPost('/ringout/list'), ...http, memoryMb: 512 },
  call: { routes: getAndPost('/ringout/call'), ...http, sessions: ['dynamodb:GetItem', 'dynamodb:PutItem'], marks },
  /** Reads the session and keeps its last known status. */
  status: { routes: getAndPost('/ringout/status'), ...http, sessions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
  /** Reads the session and notes that it was cancelled. */
  cancel: { routes: getAndPost('/ringout/cancel'), ...http, sessions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
  /** Renews the tokens of all users ahead of expiry, so that no request waits for a grant: many users, five at a time. */
  'refresh-token': { routes: [], schedule: { everyMinutes: 10 }, memoryMb: 256, timeoutSeconds: 120 },
  /** The only place that sends what is in the outbox. */
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

/** The rows in the order of the table. */
export const functionRows: readonly (FunctionRow & { readonly name: FunctionName })[] = Object.entries(functions).map(
  ([name, row]) => ({ ...row, name: name as FunctionName }),
);

/** The functions that API Gateway calls. */
export const httpFunctionNames = functionRows.filter(({ routes }) => routes.length > 0).map(({ name }) => name);
