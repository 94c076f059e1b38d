/** A text that had to be cut says so. */
const ELLIPSIS = '…';

/**
 * Breaks text into lines: between words, and within a word only where it is wider than a line by itself.
 * @param width what a line may measure, in the unit of `widthOf`
 * @param mostLines how many lines there may be; the last one then ends in `…`
 * @returns at least one line, none wider than `width` but single letters that are
 */
export function wrap(
  text: string,
  width: number,
  widthOf: (text: string) => number,
  mostLines = Number.POSITIVE_INFINITY,
): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((each) => each !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = widthOf(word) <= width ? [word] : piecesOf(word, width, widthOf);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  lines.push(line);
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), cut(lines[mostLines - 1] ?? '', width, widthOf)];
}

function piecesOf(word: string, width: number, widthOf: (text: string) => number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const letter of word) {
    if (piece !== '' && widthOf(piece + letter) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += letter;
  }
  return [...pieces, piece];
}

function cut(line: string, width: number, widthOf: (text: string) => number): string {
  const letters = [...line];
  while (letters.length > 0 && widthOf(`${letters.join('')}${ELLIPSIS}`) > width) letters.pop();
  return `${letters.join('').trimEnd()}${ELLIPSIS}`;
}
