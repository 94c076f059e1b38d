import type { Money } from '../domain/billing/index.ts';
import { type NumberRange, parseNumberRange, printRange } from '../domain/market/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { parseCountryCode } from '../domain/numbering/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

export type AddNumberRange = {
  readonly actor: Actor;
  /** `02-6200-XXXX` of personal numbers, `6200-XXXX` of enterprise numbers. */
  readonly range: string;
  /** `082`; absent of enterprise numbers, which are the same in all countries. */
  readonly countryCode?: string;
  readonly price: Money;
  /** For numbers that are easily remembered; in the price's currency, nothing where absent. */
  readonly memorableSurcharge?: Money;
  /** Of another year of a number; in the price's currency, the price where absent. */
  readonly renewalPrice?: Money;
};

/**
 * Puts a range of the provider's own numbers on sale.
 * @returns refused with `number-range-malformed`, `number-range-overlaps`, `country-code-unknown`,
 *   `country-code-not-geographic`, `amount-malformed` for amounts in several currencies, or as `permit` does
 */
export async function addNumberRange(
  ports: Pick<ServicePorts, 'catalogue' | 'clock' | 'identifiers'>,
  command: AddNumberRange,
): Promise<Result<NumberRange>> {
  const permitted = permit(command.actor, 'set-catalogue');
  if (!permitted.ok) return permitted;
  const country = command.countryCode === undefined ? undefined : parseCountryCode(command.countryCode);
  if (country?.ok === false) return country;
  const numbers = parseNumberRange(command.range, country?.value);
  if (!numbers.ok) return numbers;
  const {
    price,
    memorableSurcharge = { currency: price.currency, micros: 0n },
    renewalPrice = price,
  } = command;
  if (memorableSurcharge.currency !== price.currency) {
    return refuse('amount-malformed', 'Price and surcharge are in one currency.', '/memorableSurcharge');
  }
  if (renewalPrice.currency !== price.currency) {
    return refuse(
      'amount-malformed',
      'The price of another year is in the currency of the first.',
      '/renewalPrice',
    );
  }
  const id = ports.identifiers.next();
  const prices = { price, memorableSurcharge, renewalPrice };
  const range = { ...numbers.value, ...prices, id, addedAtMs: ports.clock.nowMs() };
  const inTheWay = await ports.catalogue.add(range);
  if (inTheWay === undefined) return accept(range);
  return refuse(
    'number-range-overlaps',
    `The range ${printRange(inTheWay)} is on sale and collides with it: withdraw it first.`,
    '/range',
  );
}

export type WithdrawNumberRange = { readonly actor: Actor; readonly rangeId: string };

/** Takes a range from sale; numbers sold stay their buyers', and open orders may still be paid. */
export async function withdrawNumberRange(
  ports: Pick<ServicePorts, 'catalogue' | 'clock'>,
  { actor, rangeId }: WithdrawNumberRange,
): Promise<Result<NumberRange>> {
  const permitted = permit(actor, 'set-catalogue');
  if (!permitted.ok) return permitted;
  const range = await ports.catalogue.withdraw(rangeId, ports.clock.nowMs());
  return range === undefined ? notFound() : accept(range);
}
