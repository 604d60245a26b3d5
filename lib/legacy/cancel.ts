/**
 * Renders the answer to `cmd=cancel`. It is the same whatever happened to the call, and for unknown ids (observed of
 * the old server). `echo` is the session id to repeat.
 */
export function renderCancel(echo: string): string {
  return `OK ${echo}`;
}
