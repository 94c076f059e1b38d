import type { Routes } from '../face.ts';
import { accountRoutes, apiKeyRoutes } from './accounts.ts';
import { aliasRoutes } from './aliases.ts';
import { bankStatementRoutes } from './bank-statements.ts';
import { billRoutes } from './bills.ts';
import { blockRoutes } from './blocks.ts';
import { branchRoutes } from './branches.ts';
import { callRoutes, explanationRoutes, registrationRoutes } from './calls.ts';
import { cardRoutes } from './cards.ts';
import { carrierRouteRoutes } from './carrier-routes.ts';
import { chargeRoutes } from './charges.ts';
import { chargingRoutes } from './charging.ts';
import { configurationRoutes } from './configuration.ts';
import { depositRoutes } from './deposits.ts';
import { documentRoutes } from './documents.ts';
import { errorRoutes } from './errors.ts';
import { followMeRoutes } from './follow-me.ts';
import { healthRoutes } from './health.ts';
import { ledgerRoutes } from './ledger.ts';
import { memberRoutes } from './members.ts';
import { networkPartRoutes } from './network-parts.ts';
import { numberFormatRoutes } from './number-formats.ts';
import { numberOrderRoutes } from './number-orders.ts';
import { numberRangeRoutes } from './number-ranges.ts';
import { offerRoutes } from './offer.ts';
import { openApiRoutes } from './open-api.ts';
import { reconciliationRoutes } from './reconciliations.ts';
import { renewalRoutes } from './renewals.ts';
import { settlementRoutes, settlementStepRoutes } from './settlements.ts';
import { signInRoutes } from './sign-in.ts';
import { tariffDeckRoutes } from './tariff-decks.ts';
import { tariffRoutes } from './tariffs.ts';
import { terminalRoutes } from './terminals.ts';
import { trunkStateRoutes } from './trunk-states.ts';
import { unallocatedPaymentRoutes } from './unallocated-payments.ts';
import { webhookRoutes } from './webhooks.ts';

export { statementImport } from './bank-statements.ts';
export { blockShown } from './blocks.ts';
export { explanationShown, registrationShown, traceShown } from './calls.ts';
export { callingTermsShown, chargingShown } from './charging.ts';
export { deposit } from './deposits.ts';
export { balanceShown, callTaxShown, ledgerAccountShown, ledgerAudit, ledgerLineShown } from './ledger.ts';
export { memberOverview } from './members.ts';
export { numberFormatExplanation } from './number-formats.ts';
export { availableNumber } from './offer.ts';
export { trunkStateShown } from './trunk-states.ts';
export { unallocatedPayment } from './unallocated-payments.ts';

/** Every group of routes; a new group is a new line here. */
export const ROUTES: readonly Routes[] = [
  offerRoutes,
  signInRoutes,
  accountRoutes,
  apiKeyRoutes,
  numberRangeRoutes,
  numberOrderRoutes,
  depositRoutes,
  billRoutes,
  bankStatementRoutes,
  unallocatedPaymentRoutes,
  ledgerRoutes,
  cardRoutes,
  documentRoutes,
  renewalRoutes,
  memberRoutes,
  branchRoutes,
  terminalRoutes,
  aliasRoutes,
  followMeRoutes,
  callRoutes,
  explanationRoutes,
  registrationRoutes,
  chargeRoutes,
  settlementRoutes,
  settlementStepRoutes,
  reconciliationRoutes,
  blockRoutes,
  configurationRoutes,
  networkPartRoutes,
  carrierRouteRoutes,
  chargingRoutes,
  numberFormatRoutes,
  tariffRoutes,
  tariffDeckRoutes,
  trunkStateRoutes,
  webhookRoutes,
  errorRoutes,
  healthRoutes,
  openApiRoutes,
];
