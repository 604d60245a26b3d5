/** A header value such as `multipart/form-data; boundary=x`, taken apart. */
export interface MediaType {
  /** Lower case, trimmed: `multipart/form-data`. */
  readonly type: string;
  /** By lower-case name; of two with one name, the first. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads a `Content-Type` or `Content-Disposition` value. Parameter values may stand in quotes or not. A backslash is
 * not an escape, because old programs send Windows paths (`filename="C:\fax\order.pdf"`); a quote inside a quoted
 * value is therefore the end of it only where a semicolon or the end of the header follows. Never fails; undefined
 * when there is no header or it names no type.
 */
export function parseMediaType(header: string | undefined): MediaType | undefined {
  if (header === undefined) return undefined;
  // RFC 1867's own example has a comma there.
  const typeEnd = /[;,]|$/.exec(header)?.index ?? header.length;
  const type = header.slice(0, typeEnd).trim().toLowerCase();
  return type === '' ? undefined : { type, parameters: parseParameters(header, typeEnd) };
}

function parseParameters(header: string, from: number): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  // Where to give up looking for a closing quote: without it, a header full of open quotes takes quadratic time.
  const lastClosingQuoteAt = findLastClosingQuote(header);
  let equalsAt = -1;
  let at = from;
  while (at < header.length) {
    const start = at + 1;
    const semicolonAt = endOfBareText(header, start);
    if (equalsAt < start) equalsAt = header.indexOf('=', start);
    if (equalsAt === -1) break;
    if (equalsAt > semicolonAt) {
      at = semicolonAt;
      continue;
    }
    const name = header.slice(start, equalsAt).trim().toLowerCase();
    const { value, end } = parseValue(header, equalsAt + 1, lastClosingQuoteAt);
    if (name !== '' && !parameters.has(name)) parameters.set(name, value);
    at = end;
  }
  return parameters;
}

function parseValue(header: string, from: number, lastClosingQuoteAt: number): { value: string; end: number } {
  const start = skipBlanks(header, from);
  if (header[start] !== '"') {
    const end = endOfBareText(header, start);
    return { value: header.slice(start, end).trim(), end };
  }
  for (let quoteAt = start; quoteAt < lastClosingQuoteAt;) {
    quoteAt = header.indexOf('"', quoteAt + 1);
    const end = closingEnd(header, quoteAt);
    if (end !== undefined) return { value: header.slice(start + 1, quoteAt), end };
  }
  // The closing quote is missing: what is there up to the next parameter is the value.
  const end = endOfBareText(header, start);
  return { value: header.slice(start + 1, end).trim(), end };
}

/** Where the parameter ends if the quote at `quoteAt` is its last sign: at a semicolon or the end of the header. */
function closingEnd(header: string, quoteAt: number): number | undefined {
  const end = skipBlanks(header, quoteAt + 1);
  return end === header.length || header[end] === ';' ? end : undefined;
}

/** -1 when no quote in the header can be a closing one. */
function findLastClosingQuote(header: string): number {
  for (let quoteAt = header.lastIndexOf('"'); quoteAt > 0; quoteAt = header.lastIndexOf('"', quoteAt - 1)) {
    if (closingEnd(header, quoteAt) !== undefined) return quoteAt;
  }
  return -1;
}

function endOfBareText(header: string, from: number): number {
  const semicolonAt = header.indexOf(';', from);
  return semicolonAt === -1 ? header.length : semicolonAt;
}

function skipBlanks(header: string, from: number): number {
  let at = from;
  while (header[at] === ' ' || header[at] === '\t') at += 1;
  return at;
}
