import {
  type CallingTerms,
  type ChargeTerms,
  type ChargingSetUp,
  losesMoney,
} from '../domain/billing/charging/index.ts';
import type { Rate } from '../domain/billing/index.ts';
import { type LedgerAccount, memberAccount, trunkAccount } from '../domain/billing/ledger/index.ts';
import { numberAtOperator } from '../domain/billing/tariffs/index.ts';
import type { CarrierMatch } from '../domain/centres/index.ts';
import type { OutwardDestination } from '../domain/exchange/index.ts';
import { isPremiumRate } from '../domain/numbering/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { CallRates } from './call-rates.ts';
import type { Tariffs } from './keep-tariffs.ts';
import type { Clock } from './ports/index.ts';

/** Who pays for a call that goes out. */
export type Payer =
  | { readonly kind: 'member'; readonly memberId: string }
  /** A network that calls on through us (¶55). */
  | { readonly kind: 'trunk'; readonly trunk: string };

/** What a carrier asks for a call. */
export type CarrierCost =
  | { readonly kind: 'asked'; readonly terms: ChargeTerms }
  /** Nothing is settled with it. */
  | { readonly kind: 'not-settled' }
  /** Its deck does not have the number, or has it blocked: that is not a cost of nothing. */
  | { readonly kind: 'not-sold' };

export type CallPricesDependencies = {
  readonly tariffs: Pick<Tariffs, 'rowFor'>;
  readonly setUp: () => ChargingSetUp;
  readonly termsOf: (memberId: string) => CallingTerms;
  readonly clock: Clock;
};

/** Our own numbers as tariffs know them. */
const OURSELVES = 'own';

/** What calls cost, from facts in memory (R23). */
export class CallPrices {
  readonly #dependencies: CallPricesDependencies;
  readonly #rates = new CallRates();

  constructor(dependencies: CallPricesDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * What a call to somewhere outside costs who pays for it.
   * @returns undefined where it is not charged; refused with `destination-barred` or `destination-not-priced`
   */
  saleOf(payer: Payer, destination: OutwardDestination): Result<ChargeTerms | undefined> {
    const number = tariffNumberOf(destination);
    if (number === undefined) return accept(undefined);
    if (payer.kind === 'trunk') {
      const { transitTariff } = this.#agreementWith(payer.trunk) ?? {};
      return this.#priced(transitTariff, number, trunkAccount(payer.trunk));
    }
    const terms = this.#dependencies.termsOf(payer.memberId);
    const barred = whyBarred(terms, destination, number);
    if (barred !== undefined) return refuse('destination-barred', barred);
    const plan = terms.plan ?? this.#dependencies.setUp().defaultPlan;
    return this.#priced(plan, number, memberAccount(payer.memberId));
  }

  /** Counts a call that a member pays for. @returns false where it is one more than it may begin in a minute */
  mayBegin(memberId: string): boolean {
    const { clock, setUp, termsOf } = this.#dependencies;
    const most = termsOf(memberId).callsPerMinute ?? setUp().callsPerMinute;
    return this.#rates.begin(memberId, most, clock.nowMs());
  }

  /** Whether a member wants to be told what a call costs before anybody rings. */
  announcesPriceTo(memberId: string): boolean {
    return this.#dependencies.termsOf(memberId).announcesPrice === true;
  }

  /** What a trunk asks for a number. @param match the carrier's own route, where one led to it */
  costOf(trunk: string, destination: OutwardDestination, match?: CarrierMatch): CarrierCost {
    const number = tariffNumberOf(destination);
    if (number === undefined) return { kind: 'not-settled' };
    const about = { kind: 'cost', leg: 'cost', account: trunkAccount(trunk), paidBy: 'us', number } as const;
    const { outboundTariff } = this.#agreementWith(trunk) ?? {};
    if (outboundTariff !== undefined) {
      const answer = this.#rowFor(outboundTariff, number);
      if (answer?.kind !== 'open') return { kind: 'not-sold' };
      const { row, versionId } = answer;
      const { prefix, destination: name, rate } = row;
      return {
        kind: 'asked',
        terms: { ...about, tariff: outboundTariff, versionId, prefix, destination: name, rate },
      };
    }
    if (match === undefined) return { kind: 'not-settled' };
    const { prefix } = match;
    return {
      kind: 'asked',
      terms: { ...about, tariff: `routes of ${trunk}`, prefix, destination: '', rate: rateOfRoute(match) },
    };
  }

  /** What a trunk owes for a call to a number of ours, or is owed. @param number as `tariffNumberOfOwn` writes it */
  inboundOf(trunk: string, number: string): ChargeTerms | undefined {
    const agreement = this.#agreementWith(trunk);
    if (agreement?.inboundTariff === undefined) return undefined;
    const answer = this.#rowFor(agreement.inboundTariff, number);
    if (answer?.kind !== 'open') return undefined;
    const { prefix, destination, rate } = answer.row;
    return {
      kind: 'inbound',
      leg: 'inbound',
      account: trunkAccount(trunk),
      paidBy: agreement.inboundPaidBy,
      number,
      tariff: agreement.inboundTariff,
      versionId: answer.versionId,
      prefix,
      destination,
      rate,
    };
  }

  /** Why a call is not made by a trunk though it could be; undefined where it is made. */
  lossOf(sale: ChargeTerms, cost: ChargeTerms): string | undefined {
    const { plansBelowCost, exchangeRates } = this.#dependencies.setUp();
    if (plansBelowCost.includes(sale.tariff)) return undefined;
    const loses = losesMoney(sale, cost, exchangeRates);
    if (loses === false) return undefined;
    if (loses === true) return `costs more than the plan ${sale.tariff} asks`;
    return `costs ${cost.rate.currency}, whose worth in ${sale.rate.currency} is not set up`;
  }

  #priced(
    tariff: string | undefined,
    number: string,
    account: LedgerAccount,
  ): Result<ChargeTerms | undefined> {
    if (tariff === undefined) return accept(undefined);
    const answer = this.#rowFor(tariff, number);
    if (answer === undefined) {
      return refuse('destination-not-priced', `The tariff ${tariff} has no price for ${number}.`);
    }
    const { prefix, destination } = answer.row;
    if (answer.kind === 'blocked') {
      return refuse('destination-barred', `The tariff ${tariff} does not serve ${destination} (${prefix}).`);
    }
    const { rate } = answer.row;
    const { versionId } = answer;
    const about = { kind: 'sale', leg: 'sale', account, paidBy: 'other', number } as const;
    return accept({ ...about, tariff, versionId, prefix, destination, rate });
  }

  #rowFor(tariff: string, number: string) {
    return this.#dependencies.tariffs.rowFor(tariff, number, this.#dependencies.clock.nowMs());
  }

  #agreementWith(trunk: string) {
    return this.#dependencies.setUp().agreements.find((agreement) => agreement.trunk === trunk);
  }
}

/** A number outside as tariffs know it; undefined where nobody is ever charged: for help, and over the internet. */
function tariffNumberOf(destination: OutwardDestination): string | undefined {
  switch (destination.kind) {
    case 'pstn':
      return destination.number.slice(1);
    case 'operator':
      return numberAtOperator(destination.operatorId, destination.digits);
    case 'address':
    case 'emergency':
    case 'access':
      return undefined;
  }
}

/** A number of ours as tariffs know it. @param digits as the registry has them */
export function tariffNumberOfOwn(digits: string): string {
  return numberAtOperator(OURSELVES, digits);
}

function whyBarred(
  { barredPrefixes, callsPremium }: CallingTerms,
  destination: OutwardDestination,
  number: string,
): string | undefined {
  const prefix = barredPrefixes.find((each) => number.startsWith(each));
  if (prefix !== undefined) return `Numbers that begin with ${prefix} are barred for this member.`;
  if (callsPremium || destination.kind !== 'pstn' || !isPremiumRate(destination.number)) return undefined;
  return `${destination.number} is of a premium service, which this member has not opened.`;
}

/** A route says what a minute costs, and nothing else: it is counted by the second. */
function rateOfRoute({ costPerMinute, currency }: CarrierMatch): Rate {
  return {
    currency,
    perMinuteMicros: costPerMinute,
    connectFeeMicros: 0n,
    initialIncrementSeconds: 1,
    nextIncrementSeconds: 1,
    minimumMicros: 0n,
    freeSeconds: 0,
  };
}
