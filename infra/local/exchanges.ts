import { asNumber, asObject, asText, parseJson } from '../../lib/domain/untrusted.ts';
import { MultipartError, parseMultipart } from './simulator/multipart.ts';
import { headerOf, type GatewayRequest } from './proxy-event.ts';

/** One field of a legacy request as the console shows it; a file shows its size instead of its content. */
export interface ShownField {
  readonly name: string;
  readonly value: string;
}

/** One legacy request with its answer, without passwords; what is not known before the answer is undefined until then. */
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
  /** Of a call or fax that was not placed again: the id of the request whose answer it got. */
  readonly joined: string | undefined;
  /** Of a fax that entered the outbox: its id there. */
  readonly fax: string | undefined;
  /** Why it was answered so: the fields of the function's log line, or the gateway's own hint. */
  readonly logged: readonly ShownField[];
}

export interface ExchangeLog {
  /** Oldest first. */
  readonly exchanges: readonly RecordedExchange[];
  /** Why faxes of the outbox wait or end, by their ids: what the log said last. */
  readonly faxRemarks: ReadonlyMap<string, string>;
  /** Takes in a request; what it returns is to be told the answer, and why if the gateway gave it by itself. */
  add(request: GatewayRequest): (answer: { status: number; body: Buffer }, durationMs: number, hint?: string) => void;
  /** Takes in a line that a function has printed: one about an answer, or about a fax in the outbox, says why it is so. */
  readLine(line: string): void;
  clear(): void;
}

const keptExchanges = 200;
const keptRemarks = 200;
/** Fields of a log line that say why; docs/troubleshooting.md explains them. */
const reasons = ['code', 'hint', 'upstreamStatus', 'upstreamCode'];
const reasonsAndRest = [...reasons, 'remarks', 'retryAfterSeconds', 'heldSeconds', 'cancelled'];
const shownAnswerBytes = 4096;
const shownValueLength = 300;
const mask = '••••';

/** Remembers the last 200 exchanges in memory. */
export function createExchangeLog(): ExchangeLog {
  let exchanges: RecordedExchange[] = [];
  let count = 0;
  const faxRemarks = new Map<string, string>();
  /** The answer and the line about it arrive in either order. */
  const change = (requestId: string, { logged = [], ...news }: Partial<RecordedExchange>): void => {
    exchanges = exchanges.map((one) =>
      one.requestId === requestId ? { ...one, ...news, logged: [...one.logged, ...logged] } : one,
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
      exchanges = [...exchanges, exchange].slice(-keptExchanges);
      return ({ status, body: answer }, durationMs, hint) => {
        const logged = hint === undefined ? [] : [{ name: 'hint', value: hint }];
        change(requestId, { durationMs, status, answer: answer.toString('utf8', 0, shownAnswerBytes), logged });
      };
    },
    readLine(line) {
      const fields = asObject(parseJson(line));
      const textOf = (name: string): string | undefined =>
        asText(fields?.[name]) ?? asNumber(fields?.[name])?.toString();
      const said = (names: readonly string[]): ShownField[] =>
        names.flatMap((name) => {
          const value = textOf(name);
          return value === undefined ? [] : [{ name, value }];
        });
      const [requestId, fax] = [textOf('requestId'), textOf('fax')];
      if (textOf('message') === 'answered' && requestId !== undefined) {
        change(requestId, { joined: textOf('joined'), fax, logged: said(reasonsAndRest) });
      } else if (fax !== undefined && textOf('code') !== undefined) {
        // Behind those of other faxes, so that the oldest one goes.
        faxRemarks.delete(fax);
        faxRemarks.set(
          fax,
          said(reasons)
            .map(({ value }) => value)
            .join(', '),
        );
        for (const id of [...faxRemarks.keys()].slice(0, -keptRemarks)) faxRemarks.delete(id);
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
      // What cannot be taken apart cannot be masked either, so only its size is shown.
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
