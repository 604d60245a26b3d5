/** A deployment parameter that must be corrected. Has no stack: the CLI would print it in the middle of the message. */
class ParameterError extends Error {
  constructor(message) {
    super(message);
    this.name = 'ParameterError';
    this.stack = '';
  }
}

module.exports = { ParameterError };
