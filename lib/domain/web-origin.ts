/**
 * The origin of a web page in the form browsers send it (RFC 6454): scheme, host in lower case, and the port unless it
 * is the scheme's usual one.
 *
 * @param text such as `https://crm.example` or `http://localhost:8080`
 * @returns undefined for anything but one http or https origin: a path, a user, a `*`, `null`
 */
export function parseWebOrigin(text: string): string | undefined {
  if (!/^https?:\/\/[^\s/\\?#@*,]+$/i.test(text)) return undefined;
  // The Serverless CLI also runs on Node 20, which has no URL.parse.
  return URL.canParse(text) ? new URL(text).origin : undefined;
}

/**
 * The origins in a list with commas, as ALLOWED_ORIGINS has it. Empty places are skipped.
 *
 * @returns undefined if one of them is no origin
 */
export function webOriginsIn(list: string): readonly string[] | undefined {
  const texts = list
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const origins = texts.flatMap((text) => parseWebOrigin(text) ?? []);
  return origins.length === texts.length ? origins : undefined;
}
