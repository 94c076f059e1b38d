import type { Charge, ChargeTerms } from '../../domain/billing/charging/index.ts';
import type { Rate } from '../../domain/billing/index.ts';
import type { KeptCharge } from '../../services/ports/index.ts';
import type { ChargeTables } from './charge-tables.ts';

/** A rate as JSON has it, which knows no bigint. */
export type RateJson = Omit<Rate, 'perMinuteMicros' | 'connectFeeMicros' | 'minimumMicros'> & {
  readonly perMinuteMicros: string;
  readonly connectFeeMicros: string;
  readonly minimumMicros: string;
};

export type ChargeTermsJson = Omit<ChargeTerms, 'rate'> & { readonly rate: RateJson };

export function rateJson(rate: Rate): RateJson {
  return {
    ...rate,
    perMinuteMicros: String(rate.perMinuteMicros),
    connectFeeMicros: String(rate.connectFeeMicros),
    minimumMicros: String(rate.minimumMicros),
  };
}

export function rateOfJson(json: RateJson): Rate {
  return {
    ...json,
    perMinuteMicros: BigInt(json.perMinuteMicros),
    connectFeeMicros: BigInt(json.connectFeeMicros),
    minimumMicros: BigInt(json.minimumMicros),
  };
}

export function termsJson(terms: ChargeTerms): ChargeTermsJson {
  return { ...terms, rate: rateJson(terms.rate) };
}

export function termsOfJson(json: ChargeTermsJson): ChargeTerms {
  return { ...json, rate: rateOfJson(json.rate) };
}

type ChargeRow = Omit<ChargeTables['charges'], 'line'> & {
  readonly line: bigint;
  readonly reason?: string | null;
  readonly corrected_by?: string | null;
  readonly at_ms?: bigint | null;
};

export function chargeOf(row: ChargeRow): KeptCharge {
  const charge: Charge = {
    id: row.id,
    callId: row.call_id,
    leg: row.leg,
    run: row.run,
    kind: row.kind,
    account: row.account,
    paidBy: row.paid_by,
    number: row.number,
    tariff: row.tariff,
    ...(row.version_id === null ? {} : { versionId: row.version_id }),
    prefix: row.prefix,
    destination: row.destination,
    rate: rateOfJson(row.rate),
    currency: row.currency,
    micros: row.micros,
    billedSeconds: row.billed_seconds,
    answeredAtMs: Number(row.answered_at_ms),
    endedAtMs: Number(row.ended_at_ms),
  };
  const { reason, corrected_by: by, at_ms: atMs } = row;
  const isCorrection = typeof reason === 'string' && typeof by === 'string' && typeof atMs === 'bigint';
  return {
    ...charge,
    line: Number(row.line),
    ...(isCorrection ? { correction: { reason, by, atMs: Number(atMs) } } : {}),
  };
}
