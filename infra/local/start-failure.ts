/** The local stack cannot start, for a reason its user can do something about: the message is one clear sentence. */
export class StartFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartFailure';
  }
}

/** The system's code of an error, such as `EADDRINUSE`; undefined for an error that has none. */
export function systemCode(error: unknown): string | undefined {
  // By shape and not by class: under a test runner the system's errors are of another realm's Error.
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
