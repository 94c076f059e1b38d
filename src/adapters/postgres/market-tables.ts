import type { OrderState } from '../../domain/market/index.ts';

/** Where a number has no country code, the column is empty text: null would not be unique. */
type CountryCodeOrEmpty = string;

export interface MarketTables {
  number_ranges: {
    id: string;
    kind: 'personal' | 'enterprise';
    country_code: CountryCodeOrEmpty;
    prefix: string;
    open_digits: number;
    currency: string;
    price_micros: bigint;
    surcharge_micros: bigint;
    renewal_micros: bigint;
    added_at_ms: bigint;
    withdrawn_at_ms: bigint | null;
  };
  /** An order is also its claim on the number, while it has one. */
  number_orders: {
    id: string;
    member_id: string;
    kind: 'personal' | 'enterprise';
    country_code: CountryCodeOrEmpty;
    subscriber: string;
    state: OrderState;
    /** Null once the number is nothing to the order any more. One claim a number: a partial unique index. */
    claim: 'held' | 'assigned' | 'quarantine' | null;
    claim_until_ms: bigint | null;
    currency: string;
    price_micros: bigint;
    quoted_at_ms: bigint;
    held_until_ms: bigint | null;
    payment_reference: string | null;
    confirmed_at_ms: bigint | null;
    paid_at_ms: bigint | null;
    released_at_ms: bigint | null;
    ended_at_ms: bigint | null;
  };
  /** How many numbers of a block (the digits without the last three) are sold or in quarantine. */
  number_blocks: {
    kind: 'personal' | 'enterprise';
    country_code: CountryCodeOrEmpty;
    block: string;
    sold: number;
  };
}
