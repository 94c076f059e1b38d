import { printAmount } from '../domain/billing/index.ts';
import { type LedgerEntry, memberOfAccount } from '../domain/billing/ledger/index.ts';
import type { WebhookEvent } from '../domain/webhooks/index.ts';

/** What is told of lines that give a member credit or take it, other than for calls. */
export function balanceEvents(entries: readonly LedgerEntry[]): readonly WebhookEvent[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== 'posted') return [];
    const { id, debit, credit, currency, micros, purpose, subject, atMs } = entry;
    const sides = [
      { account: debit, side: 'out', amount: -micros },
      { account: credit, side: 'in', amount: micros },
    ];
    return sides.flatMap(({ account, side, amount }): readonly WebhookEvent[] => {
      const memberId = memberOfAccount(account);
      if (memberId === undefined) return [];
      return [
        {
          id: `balance_changed_${id.replaceAll(/[^\w-]/g, '_')}_${side}`,
          topic: 'balance',
          type: 'balance.changed',
          occurredAtMs: atMs,
          memberId,
          isForOperators: true,
          data: {
            memberId,
            amount: { amount: printAmount({ currency, micros: amount }), currency },
            purpose,
            subject,
          },
        },
      ];
    });
  });
}
