export { isPayable, type Money, parseMoney, printAmount, printMoney, sameMoney } from './money.ts';
export { CURRENCIES, type Currency, isCurrency, minorDigits } from './money-currency.ts';
export { printRate, type Rate } from './rate.ts';
export { billedSeconds, longestDurationMs, priceMicros } from './rating.ts';
