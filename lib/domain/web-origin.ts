/**
 * Returns the origin of a web page in the form that browsers send (RFC 6454): scheme, host in lower case, and the port
 * unless it is the scheme's default.
 *
 * @param text such as `https://crm.example` or `http://localhost:8080`
 * @returns undefined for anything but one http or https origin, such as text with a path, a user or a `*`, and `null`
 */
export function parseWebOrigin(text: string): string | undefined {
  if (!/^https?:\/\/[^\s/\\?#@*,]+$/i.test(text)) return undefined;
  // The Serverless CLI also runs on Node 20, which has no URL.parse.
  return URL.canParse(text) ? new URL(text).origin : undefined;
}

/**
 * Reads the comma-separated list in ALLOWED_ORIGINS. Empty items are skipped.
 *
 * @returns undefined if an item is not an origin
 */
export function webOriginsIn(list: string): readonly string[] | undefined {
  const texts = list
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const origins = texts.flatMap((text) => parseWebOrigin(text) ?? []);
  return origins.length === texts.length ? origins : undefined;
}
