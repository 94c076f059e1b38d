/** Money of an answer as a person reads it. */
export function priced(
  money: { readonly amount: string; readonly currency: string } | undefined,
): string | undefined {
  return money && `${money.amount} ${money.currency}`;
}

/** Options that give an amount. */
export const AMOUNT_OPTIONS = {
  amount: { value: '<amount>', about: '55000 or 12.50', isRequired: true },
  currency: { value: '<code>', about: 'KRW', isRequired: true },
} as const;
