import type { MoneyEffect, Payment } from '../../domain/billing/payments/index.ts';
import { balanceEvents } from '../../services/balance-events.ts';
import type { DocumentToIssue, MoneyWrite, PaymentStore } from '../../services/ports/index.ts';
import type { MemoryDocuments } from './documents.ts';
import type { MemoryLedger } from './ledger.ts';
import { newestFirst } from './newest-first.ts';
import type { MemoryWebhooks } from './webhooks.ts';

/** Payments in memory, with the ledger that they are posted in. */
export class MemoryPayments implements PaymentStore {
  readonly #payments = new Map<string, Payment>();
  readonly #ledger: MemoryLedger;
  readonly #documents: MemoryDocuments;
  readonly #webhooks: Pick<MemoryWebhooks, 'recordNow'>;

  constructor(ledger: MemoryLedger, documents: MemoryDocuments, webhooks: Pick<MemoryWebhooks, 'recordNow'>) {
    this.#ledger = ledger;
    this.#documents = documents;
    this.#webhooks = webhooks;
  }

  async keep(
    effects: readonly MoneyEffect[],
    documents: readonly DocumentToIssue[] = [],
  ): Promise<MoneyWrite> {
    return this.keepNow(effects, documents);
  }

  /** The same without waiting, for stores that keep something along with it: all or nothing. */
  keepNow(effects: readonly MoneyEffect[], documents: readonly DocumentToIssue[] = []): MoneyWrite {
    for (const effect of effects) {
      const obstacle = this.#obstacle(effect);
      if (obstacle !== undefined) return obstacle;
    }
    const entries = effects.flatMap((effect) => (effect.kind === 'post' ? effect.entries : []));
    const written = this.#ledger.writeNow(entries);
    if (written === 'credit-exceeded') return written;
    if (written !== 'written') throw new Error(`The ledger refuses the lines of a payment: ${written}.`);
    for (const effect of effects) {
      if (effect.kind !== 'post') this.#payments.set(effect.payment.id, effect.payment);
    }
    for (const document of documents) this.#documents.issueNow(document);
    this.#webhooks.recordNow(balanceEvents(entries));
    return 'kept';
  }

  async find(id: string): Promise<Payment | undefined> {
    return this.#payments.get(id);
  }

  async findByNotice(noticeId: string): Promise<Payment | undefined> {
    return this.#byNotice(noticeId);
  }

  async knownNotices(noticeIds: readonly string[]): Promise<readonly string[]> {
    return noticeIds.filter((id) => this.#byNotice(id) !== undefined);
  }

  async list({
    subject,
    disposition,
    before,
    limit,
  }: Parameters<PaymentStore['list']>[0]): Promise<readonly Payment[]> {
    return newestFirst([...this.#payments.values()], before, limit, (payment) => {
      return (
        (subject === undefined ||
          (payment.subject?.kind === subject.kind && payment.subject.id === subject.id)) &&
        (disposition === undefined || payment.disposition === disposition)
      );
    });
  }

  #byNotice(noticeId: string): Payment | undefined {
    return [...this.#payments.values()].find((payment) => payment.noticeId === noticeId);
  }

  #obstacle(effect: MoneyEffect): MoneyWrite | undefined {
    if (effect.kind === 'record-payment') {
      return this.#byNotice(effect.payment.noticeId) === undefined ? undefined : 'notice-known';
    }
    if (effect.kind === 'post') return undefined;
    return this.#payments.get(effect.payment.id)?.disposition === effect.from ? undefined : 'payment-changed';
  }
}
