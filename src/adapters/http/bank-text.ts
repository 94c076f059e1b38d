/**
 * The text of a file that a bank made: UTF-8, what spreadsheets call Unicode (UTF-16 with its mark), or what Korean
 * programs still write (EUC-KR), which is never well-formed UTF-8 where it has a word of Korean in it.
 */
export function bankText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('euc-kr').decode(bytes);
  }
}
