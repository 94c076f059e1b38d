import type { Rate } from '../rate.ts';
import { COLUMNS } from './deck-columns.ts';
import { quoted } from './deck-lines.ts';
import type { Tariff } from './tariff.ts';
import type { TariffRow } from './tariff-row.ts';
import { TimeZone, type WallTime } from './time-zone.ts';

const MICROS_PER_UNIT = 1_000_000n;

/** Writes rows so that `readDeck` makes the same rows of them, and the same rows always give the same bytes. */
export class DeckWriter {
  readonly #currency: string;
  readonly #zone: TimeZone;

  constructor({ currency, timeZone }: Pick<Tariff, 'currency' | 'timeZone'>) {
    this.#currency = currency;
    this.#zone = new TimeZone(timeZone);
  }

  /** The first line. */
  header(): string {
    return `${COLUMNS.join(',')}\n`;
  }

  line({ prefix, destination, rate, effectiveFromMs, effectiveToMs, status }: TariffRow): string {
    const cells = [
      prefix,
      quoted(destination),
      rate === undefined ? '' : amountText(rate.perMinuteMicros),
      rate === undefined ? '' : amountText(rate.connectFeeMicros),
      rate === undefined ? '' : rate.initialIncrementSeconds,
      rate === undefined ? '' : rate.nextIncrementSeconds,
      this.#currency,
      this.#momentText(effectiveFromMs),
      this.#momentText(effectiveToMs),
      status,
      rate === undefined ? '' : amountText(rate.minimumMicros),
      rate === undefined ? '' : rate.freeSeconds,
    ];
    return `${cells.join(',')}\n`;
  }

  /** What a row says, in one line for people: `0.0125 60/60, fee 0.01`. */
  terms(row: TariffRow): string {
    const { effectiveFromMs, effectiveToMs } = row;
    const parts = [
      ...(row.status === 'open' ? ratePartsOf(row.rate) : ['blocked']),
      ...(effectiveFromMs === undefined ? [] : [`from ${this.#momentText(effectiveFromMs)}`]),
      ...(effectiveToMs === undefined ? [] : [`until ${this.#momentText(effectiveToMs)}`]),
    ];
    return parts.join(', ');
  }

  /** A day in the tariff's time zone where one begins, else the second in UTC. */
  #momentText(atMs: number | undefined): string {
    if (atMs === undefined) return '';
    const wall = this.#zone.wallTimeAt(atMs);
    const { hour, minute, second } = wall;
    const isMidnight = hour === 0 && minute === 0 && second === 0 && this.#zone.momentOf(wall) === atMs;
    return isMidnight ? dateText(wall) : `${utcText(atMs)}Z`;
  }
}

function ratePartsOf(rate: Rate): readonly string[] {
  return [
    `${amountText(rate.perMinuteMicros)} ${rate.initialIncrementSeconds}/${rate.nextIncrementSeconds}`,
    ...(rate.connectFeeMicros === 0n ? [] : [`fee ${amountText(rate.connectFeeMicros)}`]),
    ...(rate.minimumMicros === 0n ? [] : [`at least ${amountText(rate.minimumMicros)}`]),
    ...(rate.freeSeconds === 0 ? [] : [`${rate.freeSeconds} s free`]),
  ];
}

const UTC = new TimeZone('UTC');

function utcText(atMs: number): string {
  const wall = UTC.wallTimeAt(atMs);
  return `${dateText(wall)}T${twoDigits(wall.hour)}:${twoDigits(wall.minute)}:${twoDigits(wall.second)}`;
}

function dateText({ year, month, day }: WallTime): string {
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Without decimals that say nothing: `0.0125`, `12`. */
function amountText(micros: bigint): string {
  const fraction = (micros % MICROS_PER_UNIT).toString().padStart(6, '0').replace(/0+$/, '');
  return `${micros / MICROS_PER_UNIT}${fraction === '' ? '' : `.${fraction}`}`;
}
