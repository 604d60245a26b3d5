import { MultipartError, parseMultipart } from '../../test/simulator/multipart.ts';
import type { ReceivedHttpRequest } from './proxy-event.ts';

/** One field of a legacy request as the console shows it; a file shows its size instead of its content. */
export interface ShownField {
  readonly name: string;
  readonly value: string;
}

/** One legacy request with its answer, without passwords; what is not known before the answer is undefined until then. */
export interface Exchange {
  readonly number: number;
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
}

export interface ExchangeLog {
  /** Oldest first. */
  readonly exchanges: readonly Exchange[];
  /** Takes in a request; what it returns is to be told the answer. */
  add(
    request: ReceivedHttpRequest,
    atMs: number,
  ): (answer: { status: number; body: Buffer }, durationMs: number) => void;
  clear(): void;
}

const keptExchanges = 200;
const shownAnswerBytes = 4096;
const shownValueLength = 300;
const mask = '••••';

/** Remembers the last 200 exchanges in memory. */
export function createExchangeLog(): ExchangeLog {
  let exchanges: Exchange[] = [];
  let count = 0;
  return {
    get exchanges() {
      return exchanges;
    },
    add(request, atMs) {
      count += 1;
      const url = new URL(`http://localhost${request.target}`);
      const contentType = headerOf(request, 'content-type');
      const exchange: Exchange = {
        number: count,
        atMs,
        durationMs: undefined,
        method: request.method,
        path: url.pathname,
        query: [...url.searchParams].map(([name, value]) => shown(name, value)),
        contentType,
        body: shownBody(request.body, contentType),
        status: undefined,
        answer: undefined,
      };
      exchanges = [...exchanges, exchange].slice(-keptExchanges);
      return ({ status, body }, durationMs) => {
        const answered = { ...exchange, durationMs, status, answer: body.toString('utf8', 0, shownAnswerBytes) };
        exchanges = exchanges.map((one) => (one === exchange ? answered : one));
      };
    },
    clear() {
      exchanges = [];
      count = 0;
    },
  };
}

/** The first value of a header, `''` if absent. */
export function headerOf({ rawHeaders }: Pick<ReceivedHttpRequest, 'rawHeaders'>, name: string): string {
  const index = rawHeaders.findIndex((text, position) => position % 2 === 0 && text.toLowerCase() === name);
  return index < 0 ? '' : (rawHeaders[index + 1] ?? '');
}

function shownBody(body: Buffer, contentType: string): ShownField[] {
  if (body.length === 0) return [];
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
