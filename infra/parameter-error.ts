/** An error in a deployment parameter. Has no stack, because the CLI would print it in the middle of the message. */
export class ParameterError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ParameterError';
    this.stack = '';
  }
}
