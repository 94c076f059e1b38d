import {
  type EnterpriseNumber,
  formatEnterpriseNumber,
  formatPersonalNumber,
  type PersonalNumber,
} from '../domain/numbering/index.ts';

/** Some 5 MB of texts. */
const MOST_REMEMBERED = 50_000;

/**
 * The canonical texts of numbers that call and are called. Grouping a number as its country writes it costs 10 µs,
 * a tenth of what a call may, and the same numbers come again and again.
 */
export class NumberTexts {
  readonly #texts = new Map<string, string>();

  textOf(number: PersonalNumber | EnterpriseNumber): string {
    if (number.kind === 'enterprise') return formatEnterpriseNumber(number);
    const known = this.#texts.get(number.digits);
    if (known !== undefined) return known;
    const text = formatPersonalNumber(number);
    if (this.#texts.size >= MOST_REMEMBERED) this.#texts.clear();
    this.#texts.set(number.digits, text);
    return text;
  }
}
