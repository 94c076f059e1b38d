/** Money of an answer as a person reads it. */
export function priced(
  money: { readonly amount: string; readonly currency: string } | undefined,
): string | undefined {
  return money && `${money.amount} ${money.currency}`;
}

/** A page of the card processor. */
export type CardPage = { readonly url: string; readonly sessionId: string };

/** Where the payer's browser goes after it was on a page of the card processor. */
export const CARD_OPTIONS = {
  'paid-url': { value: '<url>', about: 'where the browser goes once it is paid', isRequired: true },
  'cancelled-url': { value: '<url>', about: 'and where it was given up; the same where absent' },
} as const;

export function waysBack(option: (name: string) => string | undefined) {
  const paidUrl = option('paid-url');
  return { paidUrl, cancelledUrl: option('cancelled-url') ?? paidUrl };
}

/** Options that give an amount. */
export const AMOUNT_OPTIONS = {
  amount: { value: '<amount>', about: '55000 or 12.50', isRequired: true },
  currency: { value: '<code>', about: 'KRW', isRequired: true },
} as const;
