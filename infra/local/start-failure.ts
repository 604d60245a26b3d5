/** The local stack cannot start, for a reason that its user can correct. The message is one sentence. */
export class StartFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartFailure';
  }
}

/** Returns the system's code of an error, such as `EADDRINUSE`; undefined if it has none. */
export function systemCode(error: unknown): string | undefined {
  // Checks the shape, not the class: under a test runner, system errors belong to another realm's Error.
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
