/** Control characters, and those that turn the direction of writing: what others wrote must not steer a terminal. */
const STEERING = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text of strangers made harmless for a terminal: one line, nothing that moves the cursor. */
export function printable(text: string): string {
  return text.replaceAll(STEERING, '\ufffd');
}

/** Hangul, kana, ideographs and full-width forms take two columns of a terminal (Unicode UAX #11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** How many columns of a terminal a text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const letter of text.normalize('NFC')) width += WIDE.test(letter) ? 2 : 1;
  return width;
}

/** The text with spaces behind it up to a width in columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** The text in the middle of a width in columns. */
export function centred(text: string, width: number): string {
  const before = Math.max(0, Math.floor((width - displayWidth(text)) / 2));
  return padded(' '.repeat(before) + text, width);
}
