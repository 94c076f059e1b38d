/** What begins a payment reference: number orders, top-ups, invoices and renewals. */
const KINDS = 'OD|TU|IV|RN';

/**
 * The payment references that a text may have in it, as people write them on transfers: in small or full-width
 * letters, with spaces or without the hyphen, glued to a name, with O for 0 and I or L for 1.
 * @returns each once, in the order of the text; whether there is such an order or bill is for others to say
 */
export function findReferences(text: string): readonly string[] {
  const glued = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  const found = [...glued.matchAll(new RegExp(`(?=(${KINDS})([0-9A-Z]{8}))`, 'g'))];
  const references = found.map(([, kind = '', code = '']) => {
    return `${kind}-${code.replaceAll('O', '0').replaceAll(/[IL]/g, '1')}`;
  });
  // The letter that no code has.
  return [...new Set(references)].filter((reference) => !reference.slice(3).includes('U'));
}
