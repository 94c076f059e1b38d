/** The tax in what members pay for calls (R23, R24). */
export { type CallTax, type TaxedMonth, taxMonth } from './taxed-month.ts';
