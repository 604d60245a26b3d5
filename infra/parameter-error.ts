/** A deployment parameter that must be corrected. Has no stack: the CLI would print it in the middle of the message. */
export class ParameterError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ParameterError';
    this.stack = '';
  }
}
