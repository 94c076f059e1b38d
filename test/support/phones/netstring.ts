/** Splits what came so far into whole netstrings (`5:hello,`) and the rest. */
export function splitNetstrings(bytes: Buffer): { readonly texts: string[]; readonly rest: Buffer } {
  const texts: string[] = [];
  let rest = bytes;
  for (;;) {
    const colon = rest.indexOf(':');
    if (colon === -1) return { texts, rest };
    const end = colon + 1 + Number(rest.toString('latin1', 0, colon));
    if (!(end < rest.length)) return { texts, rest };
    texts.push(rest.toString('utf8', colon + 1, end));
    rest = rest.subarray(end + 1);
  }
}

export function netstring(text: string): string {
  return `${Buffer.byteLength(text)}:${text},`;
}
