import { describe, expect, it } from 'vitest';
import { createMemoryStores, type MarketAndMemberStores } from '../../src/adapters/memory/index.ts';
import type { Money } from '../../src/domain/billing/index.ts';
import { type LedgerAccount, memberAccount } from '../../src/domain/billing/ledger/index.ts';
import type { Result } from '../../src/domain/refusal/index.ts';
import { adjustLedger } from '../../src/services/adjust-ledger.ts';
import { allocatePayment } from '../../src/services/allocate-payment.ts';
import { buyNumber } from '../../src/services/buy-number.ts';
import { importBankStatement } from '../../src/services/import-bank-statement.ts';
import { listPayments } from '../../src/services/list-payments.ts';
import type { CardNotice, CardPayments } from '../../src/services/ports/index.ts';
import { quoteNumber } from '../../src/services/quote-number.ts';
import { receiveCardNotice } from '../../src/services/receive-card-notice.ts';
import { recordRefund } from '../../src/services/record-refund.ts';
import { topUp } from '../../src/services/top-up.ts';
import { undoAcceptedPayment } from '../../src/services/undo-payment.ts';
import { type Failure, failingStores } from '../support/failing-stores.ts';
import {
  accepted,
  OPERATOR,
  openSale,
  type ServiceWorld,
  serviceWorld,
  somebody,
} from '../support/service-world.ts';

const won = (amount: bigint): Money => ({ currency: 'KRW', micros: amount * 1_000_000n });

/** A processor whose notices are JSON, and which counts what it sent back, once a key. */
function processor(sentBack: Set<string>): CardPayments {
  return {
    createCheckout: async () => ({ ok: true, value: { url: 'https://pay.example', sessionId: '1' } }),
    readNotice: async (body) => {
      const notice = JSON.parse(body, (_, value) =>
        value?.won === undefined ? value : won(BigInt(value.won)),
      );
      return { ok: true, value: notice as CardNotice };
    },
    refund: async (paymentId) => {
      sentBack.add(paymentId);
      return { ok: true, value: 'refunded' };
    },
  };
}

/** What always holds: the books add up, and what waits in them is what is listed as waiting. */
async function isSound({ ledger, payments, orders }: MarketAndMemberStores): Promise<void> {
  const { unbalanced, deviating } = await ledger.audit();
  expect([unbalanced, deviating]).toEqual([[], []]);
  const all = await payments.list({ limit: 100 });
  const waiting = all.filter(
    ({ disposition }) => disposition === 'unallocated' || disposition === 'refund-due',
  );
  const sum = waiting.reduce((total, { amount }) => total + amount.micros, 0n);
  const { creditsMicros, debitsMicros } = await ledger.balance('deposits', 'KRW');
  expect(creditsMicros - debitsMicros).toBe(sum);
  const sold = all.filter(
    ({ disposition, subject }) => disposition === 'accepted' && subject?.kind === 'order',
  );
  const assigned = await orders.list({ state: 'assigned', limit: 100 });
  expect(assigned.map(({ id }) => id).sort()).toEqual(sold.map(({ subject }) => subject?.id).sort());
}

/**
 * A month of a small provider: a statement that pays a number, a top-up and somebody's riddle; the riddle is solved;
 * a card pays a number that expired and goes back; a sale is undone; a fee is booked. Whoever gets an error repeats.
 */
async function month(world: ServiceWorld, seen: string[]) {
  const again = async <Value>(request: () => Promise<Result<Value>>): Promise<Value> => {
    try {
      return accepted(await request());
    } catch (error) {
      seen.push((error as Error).message);
      return accepted(await request());
    }
  };
  const mina = await somebody(world, 'mina');
  const { actor } = mina;
  const order = async (number: string) => {
    const { id } = await again(() => quoteNumber(world, { actor, number }));
    return again(() => buyNumber(world, { actor, orderId: id }));
  };
  const first = await order('02-6200-0001-082');
  const second = await order('02-6200-0002-082');
  const bill = await again(() => topUp(world, { actor, amount: won(30_000n) }));
  const text = `거래일,적요,보낸분,입금액
2026-11-25,${first.paymentRequest.reference},mina,55000
2026-11-25,${bill.paymentReference.toLowerCase().replace('-', '')},mina,30000
2026-11-25,?,mina,700
2026-11-25,?,nobody,30
`;
  const statement = {
    actor: OPERATOR,
    text,
    currency: 'KRW',
    isDryRun: false,
    pause: async () => undefined,
  } as const;
  await again(() => importBankStatement(world, statement));
  await again(() => importBankStatement(world, statement));
  const queue = await again(() => listPayments(world, { actor: OPERATOR, disposition: 'unallocated' }));
  const [nobodys, minas] = queue.items;
  const subject = { kind: 'member', id: mina.memberId } as const;
  await again(() => allocatePayment(world, { actor: OPERATOR, paymentId: minas?.id ?? '', subject }));
  const back = { actor: OPERATOR, paymentId: nobodys?.id ?? '', reason: 'Nobody knows.' };
  await again(() => allocatePayment(world, back));
  await again(() => recordRefund(world, back));
  world.wait(30 * 24 * 3_600_000);
  const notice = (body: object) =>
    again(() => receiveCardNotice(world, { body: JSON.stringify(body), signature: '' }));
  const paid = {
    kind: 'paid',
    paymentId: 'pi_1',
    paymentReference: second.paymentRequest.reference,
    amount: { won: 55_000 },
  };
  await notice(paid);
  await notice(paid);
  const due = await again(() => listPayments(world, { actor: OPERATOR, disposition: 'refund-due' }));
  await again(() => recordRefund(world, { actor: OPERATOR, paymentId: due.items[0]?.id ?? '' }));
  await notice({ kind: 'refunded', paymentId: 'pi_1', refunded: { won: 55_000 }, isWhole: true });
  const ofFirst = { kind: 'order', id: first.order.id } as const;
  const sales = await again(() => listPayments(world, { actor: OPERATOR, subject: ofFirst }));
  const undo = { actor: OPERATOR, paymentId: sales.items[0]?.id ?? '', reason: 'A mistake.' };
  await again(() => undoAcceptedPayment(world, undo));
  await again(() => recordRefund(world, undo));
  const fee = { debit: 'fees', credit: 'card', amount: won(1_650n), confirmation: '1650 KRW' } as const;
  const booked = { ...fee, actor: OPERATOR, purpose: 'fee', reason: 'November.', onceKey: 'k' } as const;
  await again(() => adjustLedger(world, booked));
  return mina.memberId;
}

describe('R9, R23, R24: no money is lost or made, whatever fails', () => {
  async function run(failure: Failure | undefined) {
    const stores = createMemoryStores();
    const calls: string[] = [];
    const failing = failingStores(stores, failure, calls);
    const sentBack = new Set<string>();
    const world = { ...serviceWorld(failing.stores), cards: processor(sentBack) };
    await openSale(world);
    const seen: string[] = [];
    failing.arm(() => isSound(stores));
    const memberId = await month(world, seen);
    await isSound(stores);
    const accounts: LedgerAccount[] = [
      'bank',
      'card',
      'deposits',
      'number-sales',
      'fees',
      memberAccount(memberId),
    ];
    const balances = await Promise.all(accounts.map((account) => stores.ledger.balance(account, 'KRW')));
    const standing = balances.map(
      ({ creditsMicros, debitsMicros }) => Number(creditsMicros - debitsMicros) / 1e6,
    );
    return { calls, seen, standing, sentBack, lines: (await stores.ledger.audit()).lines };
  }

  it('each call of the stores fails in turn, before and after it did its work, and the month ends alike', async () => {
    const whole = await run(undefined);
    expect(whole.standing).toEqual([-30_700, 1_650, 0, 0, -1_650, 30_700]);
    expect(whole.calls.length).toBeGreaterThan(60);
    for (let at = 0; at < whole.calls.length; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const { standing, seen, sentBack, lines } = await run({ at, when });
        const what = `${whole.calls[at]} (${at}) failed ${when}`;
        expect(seen, what).toEqual([`the connection was lost ${when}`]);
        expect([standing, lines, [...sentBack]], what).toEqual([whole.standing, whole.lines, ['pi_1']]);
      }
    }
  });
});
