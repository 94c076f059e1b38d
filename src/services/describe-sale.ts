import {
  HOLD_MS,
  type NumberRange,
  PAYMENT_TERM_MS,
  PURCHASE_FORM,
  QUARANTINE_MS,
} from '../domain/market/index.ts';
import { type FormField, REGISTRATION_FORM } from '../domain/members/index.ts';
import type { DepositAccount, ServicePorts } from './ports/index.ts';

/** What anybody may know about the service and its sale of numbers. */
export type SaleDescription = {
  readonly ranges: readonly NumberRange[];
  readonly holdMs: number;
  readonly paymentTermMs: number;
  readonly quarantineMs: number;
  /** By currency. */
  readonly depositAccounts: Readonly<Record<string, DepositAccount>>;
  /** What a purchase request asks for (R6). */
  readonly purchaseForm: readonly FormField[];
  /** What the registration of a member asks for (R10). */
  readonly registrationForm: readonly FormField[];
};

/** Information about the service and the sale of numbers, with the forms (R5, R6, R10); nobody has to sign in. */
export async function describeSale(
  ports: Pick<ServicePorts, 'catalogue' | 'settings'>,
): Promise<SaleDescription> {
  return {
    ranges: await ports.catalogue.onSale(),
    holdMs: HOLD_MS,
    paymentTermMs: PAYMENT_TERM_MS,
    quarantineMs: QUARANTINE_MS,
    depositAccounts: ports.settings.depositAccounts,
    purchaseForm: PURCHASE_FORM,
    registrationForm: REGISTRATION_FORM,
  };
}
