/** The names a mistyped word may have meant, nearest first; at most two edits away. */
export function closest(word: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, edits: name.startsWith(word) ? 0 : editsBetween(word, name) }))
    .filter(({ edits }) => edits <= 2)
    .sort((one, other) => one.edits - other.edits)
    .map(({ name }) => name);
}

/** The Levenshtein distance: insertions, deletions and replacements from one word to the other. */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (let at = 1; at <= other.length; at += 1) {
      const replaced = (row[at - 1] ?? 0) + (other[at - 1] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
