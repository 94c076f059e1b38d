import type { z } from 'zod';
import type { aliasShown, followMeShown } from './alias-shape.ts';
import type { billShown } from './bill-shape.ts';
import type { callShown } from './call-shape.ts';
import type { chargeShown, marginShown } from './charge-shape.ts';
import type { listedDocument } from './document-shape.ts';
import type { heldNumber } from './held-number-shape.ts';
import type { branchShown, memberShown, terminalShown, terminalWithPassword } from './member-shape.ts';
import type { configurationChange, networkPart, routeShown } from './network-shape.ts';
import type { orderShown } from './order-shape.ts';
import type {
  availableNumber,
  balanceShown,
  blockShown,
  callingTermsShown,
  callTaxShown,
  chargingShown,
  deposit,
  explanationShown,
  ledgerAccountShown,
  ledgerAudit,
  ledgerLineShown,
  memberOverview,
  numberFormatExplanation,
  registrationShown,
  statementImport,
  traceShown,
  trunkStateShown,
  unallocatedPayment,
} from './routes/index.ts';
import type {
  reconciliationShown,
  settlementListed,
  settlementPreview,
  settlementShown,
} from './settlement-shape.ts';
import type { numberRange } from './shapes.ts';
import type { tariffImportShown, tariffRateShown, tariffShown, tariffVersionShown } from './tariff-shape.ts';
import type { deliveryShown, webhookShown, webhookWithSecret } from './webhook-shape.ts';

/*
 * What the API answers, for programs in this house that ask it: the types come from the schemas that the answers
 * are printed by, so that they cannot differ.
 */
export type AliasShown = z.infer<typeof aliasShown>;
export type AvailableNumberShown = z.infer<typeof availableNumber>;
export type BalanceShown = z.infer<typeof balanceShown>;
export type BankStatementImportShown = z.infer<typeof statementImport>;
export type BillShown = z.infer<typeof billShown>;
export type BlockShown = z.infer<typeof blockShown>;
export type BranchShown = z.infer<typeof branchShown>;
export type CallShown = z.infer<typeof callShown>;
export type CallTraceShown = z.infer<typeof traceShown>;
export type CarrierRouteShown = z.infer<typeof routeShown>;
export type CallingTermsShown = z.infer<typeof callingTermsShown>;
export type CallTaxShown = z.infer<typeof callTaxShown>;
export type ChargingShown = z.infer<typeof chargingShown>;
export type ConfigurationChangeShown = z.infer<typeof configurationChange>;
export type DepositShown = z.infer<typeof deposit>;
export type DocumentListed = z.infer<typeof listedDocument>;
export type ExplanationShown = z.infer<typeof explanationShown>;
export type FollowMeShown = z.infer<typeof followMeShown>;
export type LedgerAccountShown = z.infer<typeof ledgerAccountShown>;
export type LedgerAuditShown = z.infer<typeof ledgerAudit>;
export type LedgerLineShown = z.infer<typeof ledgerLineShown>;
export type MemberOverviewShown = z.infer<typeof memberOverview>;
export type MemberShown = z.infer<typeof memberShown>;
export type NetworkPartShown = z.infer<typeof networkPart>;
export type NumberFormatExplanationShown = z.infer<typeof numberFormatExplanation>;
export type NumberRangeShown = z.infer<typeof numberRange>;
export type OrderShown = z.infer<typeof orderShown>;
export type RegistrationShown = z.infer<typeof registrationShown>;
export type HeldNumberShown = z.infer<typeof heldNumber>;
export type TariffImportShown = z.infer<typeof tariffImportShown>;
export type TariffRateShown = z.infer<typeof tariffRateShown>;
export type TariffShown = z.infer<typeof tariffShown>;
export type TariffVersionShown = z.infer<typeof tariffVersionShown>;
export type TerminalShown = z.infer<typeof terminalShown>;
export type TerminalWithPasswordShown = z.infer<typeof terminalWithPassword>;
export type TrunkStateShown = z.infer<typeof trunkStateShown>;
export type UnallocatedPaymentShown = z.infer<typeof unallocatedPayment>;
export type WebhookDeliveryShown = z.infer<typeof deliveryShown>;
export type WebhookShown = z.infer<typeof webhookShown>;
export type WebhookWithSecretShown = z.infer<typeof webhookWithSecret>;
export type ChargeShown = z.infer<typeof chargeShown>;
export type MarginShown = z.infer<typeof marginShown>;
export type ReconciliationShown = z.infer<typeof reconciliationShown>;
export type SettlementListedShown = z.infer<typeof settlementListed>;
export type SettlementPreviewShown = z.infer<typeof settlementPreview>;
export type SettlementShown = z.infer<typeof settlementShown>;
