/**
 * The answer to `cmd=cancel`: the same whatever happened to the call, and for ids nobody knows (observed of the old
 * server). `echo` is the session id to repeat.
 */
export function renderCancel(echo: string): string {
  return `OK ${echo}`;
}
