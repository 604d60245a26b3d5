import { asNumber, asObject, asText, parseJson } from '../../lib/domain/untrusted.ts';
import { MultipartError, parseMultipart } from './simulator/multipart.ts';
import { headerOf, type GatewayRequest } from './proxy-event.ts';

/** One field of a legacy request as the console shows it. For a file, the value is its name and size. */
export interface ShownField {
  readonly name: string;
  readonly value: string;
}

/** One legacy request and its answer, without passwords. Fields of the answer are undefined until it exists. */
export interface RecordedExchange {
  readonly number: number;
  /** API Gateway's id of the request. */
  readonly requestId: string;
  /** Epoch milliseconds when the request was complete. */
  readonly atMs: number;
  readonly durationMs: number | undefined;
  readonly method: string;
  readonly path: string;
  readonly query: readonly ShownField[];
  readonly contentType: string;
  readonly body: readonly ShownField[];
  readonly status: number | undefined;
  /** The beginning of the answer's text. */
  readonly answer: string | undefined;
  /** For a deduplicated call or fax: the id of the request whose answer it got. */
  readonly joined: string | undefined;
  /** For a fax that entered the outbox: its id there. */
  readonly fax: string | undefined;
  /** The reason of the answer: fields of the function's log line, or the gateway's hint. */
  readonly logged: readonly ShownField[];
}

export interface ExchangeLog {
  /** Oldest first. */
  readonly exchanges: readonly RecordedExchange[];
  /** The latest reason in the log for which a fax of the outbox waits or ended, by fax id. */
  readonly faxRemarks: ReadonlyMap<string, string>;
  /** Records a request. Returns a function that records its answer, with a hint if the gateway answered by itself. */
  add(request: GatewayRequest): (answer: { status: number; body: Buffer }, durationMs: number, hint?: string) => void;
  /** Records the reason from a function's log line about an answer or about a fax in the outbox. Ignores other lines. */
  readLine(line: string): void;
  clear(): void;
}

const kept = 200;
/** Fields of a log line that give a reason; docs/troubleshooting.md explains them. */
const reasonFields = ['code', 'hint', 'upstreamStatus', 'upstreamCode'];
const answeredFields = [...reasonFields, 'remarks', 'retryAfterSeconds', 'heldSeconds', 'cancelled'];
const shownAnswerBytes = 4096;
const shownValueLength = 300;
const mask = '••••';

/** Keeps the last 200 exchanges in memory. */
export function createExchangeLog(): ExchangeLog {
  let exchanges: RecordedExchange[] = [];
  let count = 0;
  const faxRemarks = new Map<string, string>();
  /** The answer and its log line arrive in either order. */
  const change = (requestId: string, { logged = [], ...changes }: Partial<RecordedExchange>): void => {
    exchanges = exchanges.map((one) =>
      one.requestId === requestId ? { ...one, ...changes, logged: [...one.logged, ...logged] } : one,
    );
  };
  return {
    get exchanges() {
      return exchanges;
    },
    faxRemarks,
    add({ requestId, arrivedAtMs, method, path, query, headers, body }) {
      count += 1;
      const contentType = headerOf(headers, 'content-type') ?? '';
      const exchange: RecordedExchange = {
        number: count,
        requestId,
        atMs: arrivedAtMs,
        durationMs: undefined,
        method,
        path,
        query: query.map(([name, value]) => shown(name, value)),
        contentType,
        body: body === undefined ? [] : shownBody(Buffer.from(body), contentType),
        status: undefined,
        answer: undefined,
        joined: undefined,
        fax: undefined,
        logged: [],
      };
      exchanges = [...exchanges, exchange].slice(-kept);
      return ({ status, body: answer }, durationMs, hint) => {
        const logged = hint === undefined ? [] : [{ name: 'hint', value: hint }];
        change(requestId, { durationMs, status, answer: answer.toString('utf8', 0, shownAnswerBytes), logged });
      };
    },
    readLine(line) {
      const fields = asObject(parseJson(line));
      const textOf = (name: string): string | undefined =>
        asText(fields?.[name]) ?? asNumber(fields?.[name])?.toString();
      const shownFields = (names: readonly string[]): ShownField[] =>
        names.flatMap((name) => {
          const value = textOf(name);
          return value === undefined ? [] : [{ name, value }];
        });
      const [requestId, fax] = [textOf('requestId'), textOf('fax')];
      if (textOf('message') === 'answered' && requestId !== undefined) {
        change(requestId, { joined: textOf('joined'), fax, logged: shownFields(answeredFields) });
      } else if (fax !== undefined && textOf('code') !== undefined) {
        // Moves the fax to the end of the map, so that the loop below deletes the oldest remark.
        faxRemarks.delete(fax);
        faxRemarks.set(
          fax,
          shownFields(reasonFields)
            .map(({ value }) => value)
            .join(', '),
        );
        for (const id of [...faxRemarks.keys()].slice(0, -kept)) faxRemarks.delete(id);
      }
    },
    clear() {
      exchanges = [];
      count = 0;
      faxRemarks.clear();
    },
  };
}

function shownBody(body: Buffer, contentType: string): ShownField[] {
  if (/^multipart\//i.test(contentType)) {
    try {
      return parseMultipart(body, contentType.replace(/^multipart\//i, 'multipart/')).map(
        ({ name, fileName, bytes }) =>
          fileName === undefined
            ? shown(name ?? '', bytes.toString('utf8'))
            : { name: name ?? '', value: `${fileName}, ${bytes.length} bytes` },
      );
    } catch (error) {
      if (!(error instanceof MultipartError)) throw error;
      // A body that cannot be parsed cannot be masked, so only its size is shown.
      return [{ name: '', value: `${body.length} bytes (${error.message})` }];
    }
  }
  if (/^application\/x-www-form-urlencoded/i.test(contentType)) {
    return [...new URLSearchParams(body.toString('utf8'))].map(([name, value]) => shown(name, value));
  }
  return [{ name: '', value: `${body.length} bytes` }];
}

function shown(name: string, value: string): ShownField {
  if (/pass|pwd|secret/i.test(name)) return { name, value: mask };
  return { name, value: value.length > shownValueLength ? `${value.slice(0, shownValueLength)}…` : value };
}
