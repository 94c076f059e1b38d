/**
 * The text of a file that a bank made: UTF-8, or what Korean programs still write, which is never well-formed UTF-8
 * where it has a word of Korean in it.
 */
export function bankText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('euc-kr').decode(bytes);
  }
}
