/** The database cannot be used, and why; the message says what to do about it, in sentences for the operator. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}
