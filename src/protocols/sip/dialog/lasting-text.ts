/**
 * The same text in memory of its own. A slice of a received message keeps the whole message alive, which
 * costs a held call a kilobyte; what a dialog remembers for hours is copied.
 */
export function copied(text: string): string {
  return Buffer.from(text).toString();
}
