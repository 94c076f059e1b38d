import { accept, type Result, refuse } from '../../refusal/index.ts';
import { type Currency, isCurrency } from '../money-currency.ts';
import { isTimeZone } from './time-zone.ts';

/** What a tariff is for: what members pay us, or what we and others pay each other between networks. */
export const TARIFF_KINDS = ['retail', 'carrier'] as const;

export type TariffKind = (typeof TARIFF_KINDS)[number];

/** A named table of rates (R23); what it says is in its versions. */
export type Tariff = {
  /** Named as trunks are: `retail-kr`. */
  readonly name: string;
  readonly kind: TariffKind;
  /** Of every amount in it. */
  readonly currency: Currency;
  /** IANA: `Asia/Seoul`. In it the dates of decks begin. */
  readonly timeZone: string;
  readonly createdAtMs: number;
};

/** A tariff as somebody writes it. */
export type WrittenTariff = Readonly<Record<'name' | 'currency' | 'timeZone', string>> & {
  readonly kind: TariffKind;
};

/** @returns the tariff; refused with `tariff-name-malformed`, `currency-unknown` or `time-zone-unknown` */
export function readTariff(
  { name, kind, currency, timeZone }: WrittenTariff,
  createdAtMs: number,
): Result<Tariff, 'currency-unknown' | 'tariff-name-malformed' | 'time-zone-unknown'> {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) {
    const detail = 'A tariff is named by small letters, digits and hyphens, at most 32: retail-kr.';
    return refuse('tariff-name-malformed', detail, '/name');
  }
  if (!isCurrency(currency)) {
    return refuse('currency-unknown', `"${currency}" is no currency: use an ISO 4217 code.`, '/currency');
  }
  if (!isTimeZone(timeZone)) {
    const detail = `"${timeZone}" is no time zone: use a name of the IANA database, as Asia/Seoul.`;
    return refuse('time-zone-unknown', detail, '/timeZone');
  }
  return accept({ name, kind, currency, timeZone, createdAtMs });
}
