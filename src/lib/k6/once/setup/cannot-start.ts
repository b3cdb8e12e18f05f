/** The target, the key or the account does not let the load start. The message says what to change. */
export class CannotStart extends Error {
  override name = 'CannotStart';
}
