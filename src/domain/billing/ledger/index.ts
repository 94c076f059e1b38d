export {
  isBounded,
  isLedgerAccount,
  type LedgerAccount,
  memberAccount,
  memberOfAccount,
  OWN_ACCOUNTS,
  type OwnAccount,
  trunkAccount,
} from './account.ts';
export { type Exchange, exchangeLines } from './exchange.ts';
export {
  converted,
  type ExchangeRate,
  printExchangeRate,
  RATE_DECIMALS,
  rateBetween,
} from './exchange-rate.ts';
export {
  availableMicros,
  type Balance,
  balanceMicros,
  type LedgerEntry,
  type PendingTransfer,
  type PostedTransfer,
  type PostOfPending,
  type TransferPurpose,
  type VoidOfPending,
} from './transfer.ts';
