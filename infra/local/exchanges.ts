import { asObject, asText, parseJson } from '../../lib/domain/untrusted.ts';
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
}

export interface ExchangeLog {
  /** Oldest first. */
  readonly exchanges: readonly RecordedExchange[];
  /** Takes in a request; what it returns is to be told the answer. */
  add(request: GatewayRequest): (answer: { status: number; body: Buffer }, durationMs: number) => void;
  /** Takes in a line that a function has printed: the one about an answer tells whether the request was a copy. */
  readLine(line: string): void;
  clear(): void;
}

const keptExchanges = 200;
const shownAnswerBytes = 4096;
const shownValueLength = 300;
const mask = '••••';

/** Remembers the last 200 exchanges in memory. */
export function createExchangeLog(): ExchangeLog {
  let exchanges: RecordedExchange[] = [];
  let count = 0;
  /** The answer and the line about it arrive in either order. */
  const change = (requestId: string, news: Partial<RecordedExchange>): void => {
    exchanges = exchanges.map((one) => (one.requestId === requestId ? { ...one, ...news } : one));
  };
  return {
    get exchanges() {
      return exchanges;
    },
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
      };
      exchanges = [...exchanges, exchange].slice(-keptExchanges);
      return ({ status, body: answer }, durationMs) => {
        change(requestId, { durationMs, status, answer: answer.toString('utf8', 0, shownAnswerBytes) });
      };
    },
    readLine(line) {
      const fields = asObject(parseJson(line));
      const [requestId, joined] = [asText(fields?.['requestId']), asText(fields?.['joined'])];
      if (requestId !== undefined && joined !== undefined) change(requestId, { joined });
    },
    clear() {
      exchanges = [];
      count = 0;
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
