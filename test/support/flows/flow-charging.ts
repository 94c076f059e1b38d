import {
  createMemoryCallRecordStore,
  MemoryCharges,
  MemoryLedger,
} from '../../../src/adapters/memory/index.ts';
import { type LedgerAccount, memberAccount, trunkAccount } from '../../../src/domain/billing/ledger/index.ts';
import type { Call } from '../../../src/domain/exchange/call/index.ts';
import { ChargeDesk } from '../../../src/services/charge-desk.ts';
import type { CallRecordStore, LedgerStore, Timers } from '../../../src/services/ports/index.ts';
import { recordOf } from '../../../src/services/record-call.ts';
import type { Ring, RingBranch } from '../../../src/services/ring.ts';
import { costTerms, saleTerms, WON } from '../charging-terms.ts';

/** A ledger in memory, and what calls that go out take from it. */
export class FlowCharging {
  readonly ledger = new MemoryLedger();
  readonly charges = new MemoryCharges(this.ledger);
  readonly records: CallRecordStore = createMemoryCallRecordStore(this.charges);
  /** What the exchange asks of the ledger, which a test may let fail. */
  asked: { -readonly [Name in 'reserve' | 'write']: LedgerStore[Name] } = {
    reserve: (requests) => this.ledger.reserve(requests),
    write: (entries) => this.ledger.write(entries),
  };
  readonly warnings: string[] = [];
  /** Members who want to hear what their calls cost. */
  readonly announcesPriceTo = new Set<string>();

  /** Gives a member so many won. */
  async topUp(memberId: string, won: number): Promise<void> {
    await this.ledger.write([
      {
        kind: 'posted',
        id: `top-up of ${memberId}`,
        debit: 'bank',
        credit: memberAccount(memberId),
        currency: 'KRW',
        micros: BigInt(won) * WON,
        purpose: 'top-up',
        subject: 'bill/1',
        atMs: 0,
      },
    ]);
  }

  /** How many won an account has, and how many of them are kept back; checks that the ledger adds up. */
  async standing(account: LedgerAccount): Promise<{ readonly won: number; readonly pending: number }> {
    const { unbalanced } = await this.ledger.audit();
    if (unbalanced.length > 0) throw new Error('The ledger does not add up.');
    const { creditsMicros, debitsMicros, pendingMicros } = await this.ledger.balance(account, 'KRW');
    return { won: Number(creditsMicros - debitsMicros) / 1e6, pending: Number(pendingMicros) / 1e6 };
  }

  deskFor(timers: Timers): ChargeDesk {
    const { asked } = this;
    return new ChargeDesk({
      ledger: {
        reserve: (requests) => asked.reserve(requests),
        write: (entries) => asked.write(entries),
      },
      self: 'this process',
      timers,
      warn: (sentence) => this.warnings.push(sentence),
    });
  }

  keep(call: Call, nowMs: number): void {
    void this.records.save([recordOf(call, nowMs)]);
  }

  branchOf(rings: readonly Ring[], memberId: string): RingBranch {
    const sale = saleTerms({ account: memberAccount(memberId) });
    const charged = rings.map((ring): Ring => {
      const { party } = ring.attempt;
      const account = trunkAccount(party.kind === 'trunk' ? party.trunk : '');
      return { ...ring, attempt: { ...ring.attempt, charges: [sale, costTerms({ account })] } };
    });
    return { delayMs: 0, rings: charged, credit: sale, announcesPrice: this.announcesPriceTo.has(memberId) };
  }
}

/** Lets promises that wait for nothing go on; the clock stands still. */
export function afterPromises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
