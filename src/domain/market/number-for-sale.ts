import type { CountryCode } from '../numbering/index.ts';

export type NumberKind = 'personal' | 'enterprise';

/** A number as the market knows it, whether sold or not. */
export type NumberForSale =
  | {
      readonly kind: 'personal';
      readonly countryCode: CountryCode;
      /** As dialled in the country, trunk prefix included, without the country code: `0262006200`. */
      readonly subscriber: string;
    }
  | {
      readonly kind: 'enterprise';
      /** What stands before the `#`: `62006200`. */
      readonly subscriber: string;
    };
