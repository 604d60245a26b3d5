/** A parsed header value such as `multipart/form-data; boundary=x`. */
export interface MediaType {
  /** Lower case, trimmed: `multipart/form-data`. */
  readonly type: string;
  /** Keyed by lower-case name; the first of two with the same name wins. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Parses a `Content-Type` or `Content-Disposition` value. Parameter values may be quoted or not. A backslash is not an
 * escape, because old programs send Windows paths (`filename="C:\fax\order.pdf"`). A quote therefore ends a quoted
 * value only if a semicolon or the end of the header follows it. Never throws. Returns undefined when there is no
 * header or it names no type.
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
  // The search for a closing quote ends here. Without this limit, a header full of open quotes takes quadratic time.
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
  // The closing quote is missing: the value ends before the next parameter.
  const end = endOfBareText(header, start);
  return { value: header.slice(start + 1, end).trim(), end };
}

/**
 * Returns where the parameter ends if the quote at `quoteAt` closes it: at a semicolon or the end of the header.
 * Returns undefined if the quote does not close it.
 */
function closingEnd(header: string, quoteAt: number): number | undefined {
  const end = skipBlanks(header, quoteAt + 1);
  return end === header.length || header[end] === ';' ? end : undefined;
}

/** Returns -1 when no quote in the header can be a closing one. */
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
