import { type CallingTerms, USUAL_TERMS } from '../domain/billing/charging/index.ts';
import { type Money, printMoney } from '../domain/billing/index.ts';
import { memberAccount } from '../domain/billing/ledger/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { findMember } from './find-member.ts';
import type { ServicePorts } from './ports/index.ts';

type TermsPorts = Pick<ServicePorts, 'bus' | 'charging' | 'ledger' | 'members' | 'tariffs'>;

/** What a member has agreed about its calls. @returns refused as `findMember` does */
export async function findCallingTerms(
  ports: Pick<ServicePorts, 'charging' | 'members' | 'orders'>,
  { actor, memberId }: { readonly actor: Actor; readonly memberId: string },
): Promise<Result<CallingTerms>> {
  const found = await findMember(ports, { actor, memberId });
  if (!found.ok) return found;
  return accept((await ports.charging.termsOf(memberId)) ?? USUAL_TERMS);
}

export type SetCallingTerms = {
  readonly actor: Actor;
  readonly memberId: string;
  readonly terms: CallingTerms;
  /** How much the member may owe; absent where that stays as it is. */
  readonly creditLimit?: Money;
};

/**
 * Sets what a member has agreed about its calls (R23): the operator all of it, the member which numbers are barred.
 * @returns refused with `tariff-not-found`, `amount-mismatch`, `credit-limit-below-debt`, `not-found`, or as `permit` does
 */
export async function setCallingTerms(
  ports: TermsPorts,
  { actor, memberId, terms, creditLimit }: SetCallingTerms,
): Promise<Result<CallingTerms>> {
  const permitted = permit(actor, 'set-calling-terms', memberId);
  if (!permitted.ok) return permitted;
  const plan = terms.plan ?? (await ports.charging.load()).setUp.defaultPlan;
  const found = plan === undefined ? undefined : await ports.tariffs.find(plan);
  if (terms.plan !== undefined && found?.tariff.kind !== 'retail') {
    return refuse('tariff-not-found', `There is no retail tariff ${terms.plan}.`, '/plan');
  }
  const { dailyLimit } = terms;
  if (found !== undefined && dailyLimit !== undefined && dailyLimit.currency !== found.tariff.currency) {
    const detail = `Its calls are paid in ${found.tariff.currency} by the plan ${plan}: a limit in ${dailyLimit.currency} would limit nothing.`;
    return refuse('amount-mismatch', detail, '/dailyLimit');
  }
  if (creditLimit !== undefined) {
    const { currency, micros } = creditLimit;
    const isSet = await ports.ledger.setFloor(memberAccount(memberId), currency, -micros);
    if (!isSet) {
      return refuse(
        'credit-limit-below-debt',
        `The member owes more than ${printMoney(creditLimit)} already, or has calls under way.`,
        '/creditLimit',
      );
    }
  }
  if (!(await ports.charging.setTerms(memberId, terms))) return notFound();
  ports.bus.publish({ kind: 'calling-terms-changed', memberId });
  return accept(terms);
}
