import { billedSeconds, type Money, priceMicros } from '../domain/billing/index.ts';
import { DeckWriter, type OpenRow, readMoment, TimeZone } from '../domain/billing/tariffs/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { TariffAnswer, Tariffs } from './keep-tariffs.ts';
import type { Clock } from './ports/index.ts';

export type FindRate = {
  readonly actor: Actor;
  readonly tariff: string;
  /** Digits of E.164 with or without `+`, or `operator:tello:0701234567`. */
  readonly number: string;
  /** A date in the tariff's time zone or a moment, not before now; now where absent. */
  readonly at?: string;
  /** Of a conversation whose price is asked for. */
  readonly seconds?: number;
};

/** What a tariff says of a number. */
export type FoundRate = {
  readonly answer: TariffAnswer;
  /** The row in a line: `0.0125 60/60`. */
  readonly terms: string;
  readonly price?: { readonly billedSeconds: number; readonly amount: Money };
};

/**
 * What a tariff says of a number, as the process that is asked would charge a call (R23).
 * @returns refused with `not-found` where there is no such tariff, `destination-not-served` where it says nothing of the
 *   number, `moment-malformed`, or as `permit` does
 */
export function findRate(
  { clock, tariffs }: { readonly clock: Clock; readonly tariffs: Pick<Tariffs, 'find' | 'rowFor'> },
  { actor, tariff: name, number, at, seconds }: FindRate,
): Result<FoundRate> {
  const permitted = permit(actor, 'set-tariffs');
  if (!permitted.ok) return permitted;
  const tariff = tariffs.find(name);
  if (tariff === undefined) return notFound(`There is no tariff ${name}.`);
  const moment = at === undefined ? undefined : readMoment('moment', at, new TimeZone(tariff.timeZone));
  if (typeof moment === 'string') return refuse('moment-malformed', moment, '/at');
  const nowMs = clock.nowMs();
  if (moment !== undefined && moment.value < nowMs) {
    return refuse('moment-malformed', 'Calls of the past have their records: ask for now or later.', '/at');
  }
  const answer = tariffs.rowFor(name, number.replace(/^\+/, ''), moment?.value ?? nowMs);
  if (answer === undefined) {
    return refuse('destination-not-served', `${name} says nothing of ${number} at this moment.`, '/number');
  }
  const terms = new DeckWriter(tariff).terms(answer.row);
  if (answer.kind === 'blocked' || seconds === undefined) return accept({ answer, terms });
  return accept({ answer, terms, price: priceOf(answer.row, seconds) });
}

function priceOf({ rate }: OpenRow, seconds: number): NonNullable<FoundRate['price']> {
  const durationMs = seconds * 1_000;
  const amount = { currency: rate.currency, micros: priceMicros(rate, durationMs) };
  return { billedSeconds: billedSeconds(rate, durationMs), amount };
}
