/** A prefix or a number taken apart: whose numbers, and the digits. */
export type TariffDigits = {
  /** The operator whose number it is; absent of telephone numbers. */
  readonly operatorId?: string;
  readonly digits: string;
};

const OPERATOR = 'operator:';

/** E.164 §6: no number has more, so that no longer prefix could decide anything. */
export const MOST_PREFIX_DIGITS = 15;

/** The number of another operator as tariffs know it: `operator:tello:0701234567`. */
export function numberAtOperator(operatorId: string, digits: string): string {
  return `${OPERATOR}${operatorId}:${digits}`;
}

/** Takes a prefix or number apart. The digits end where something else begins: nothing of a tariff is beyond it. */
export function tariffDigits(text: string): TariffDigits {
  if (!text.startsWith(OPERATOR)) return { digits: leadingDigits(text, 0) };
  const colon = text.indexOf(':', OPERATOR.length);
  if (colon === -1) return { operatorId: text.slice(OPERATOR.length), digits: '' };
  return { operatorId: text.slice(OPERATOR.length, colon), digits: leadingDigits(text, colon + 1) };
}

function leadingDigits(text: string, from: number): string {
  let end = from;
  while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
  return from === 0 && end === text.length ? text : text.slice(from, end);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/**
 * Reads a prefix as decks write it: digits, with or without `+` or `00` before them and `*` behind, or
 * `operator:<id>` with or without `:<digits>`.
 * @returns the prefix, or a sentence that says what is wrong
 */
export function readPrefix(written: string): { readonly prefix: string } | string {
  if (written.toLowerCase().startsWith(OPERATOR)) return readOperatorPrefix(written);
  if (/^\d+(?:[.,]\d+)?e\+?\d+$/i.test(written)) {
    return `${short(written)} has lost digits in a spreadsheet: format the column as text and export it again.`;
  }
  const [, digits] = /^'?(?:\+|00)?(\d+)\*?$/.exec(written) ?? [];
  if (digits === undefined) {
    return `The prefix ${short(written)} has to be digits of an international number, one prefix a line.`;
  }
  if (digits.startsWith('0')) return `The prefix ${short(written)} has to begin with a country code.`;
  if (digits.length > MOST_PREFIX_DIGITS) {
    return `The prefix ${short(written)} has more than ${MOST_PREFIX_DIGITS} digits.`;
  }
  return { prefix: digits };
}

function readOperatorPrefix(written: string): { readonly prefix: string } | string {
  const [, id, digits] =
    /^operator:([a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?)(?::(\d{1,15})?)?$/.exec(written) ?? [];
  if (id === undefined) {
    return `The prefix ${short(written)} has to be operator:<id> or operator:<id>:<digits>.`;
  }
  return { prefix: digits === undefined ? `${OPERATOR}${id}` : `${OPERATOR}${id}:${digits}` };
}

/** A cell as a sentence shows it. */
export function short(cell: string): string {
  return cell === '' ? 'that is empty' : `"${cell.length > 40 ? `${cell.slice(0, 40)}…` : cell}"`;
}
