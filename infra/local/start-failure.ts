/** The local stack cannot start, for a reason its user can do something about: the message is one clear sentence. */
export class StartFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartFailure';
  }
}
