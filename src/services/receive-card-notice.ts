import { printMoney } from '../domain/billing/index.ts';
import {
  disputeLost,
  disputeWon,
  noteOnPayment,
  type Payment,
  sendBack,
} from '../domain/billing/payments/index.ts';
import { type Actor, notFound } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { cardNoticeId } from './card-notice-id.ts';
import type { CardNotice, ServicePorts } from './ports/index.ts';
import { type PaymentPorts, receivePayment } from './receive-payment.ts';
import { cardPaymentsOff, noteRefund } from './record-refund.ts';
import { refusalOfMoney } from './refusal-of-money.ts';
import { undoAcceptedPayment } from './undo-payment.ts';

/** What became of a notice of the card processor. */
export type CardOutcome =
  | Payment['disposition']
  /** No money has moved. */
  | 'pending'
  | 'failed'
  | 'disputed'
  | 'dispute-won'
  /** A part went back, in the processor's own pages: the operator books it. */
  | 'partly-refunded'
  /** It is nothing to us. */
  | 'ignored';

type NoticePorts = PaymentPorts & Pick<ServicePorts, 'cards'>;

/** The processor's word is ours: it was signed. */
const SERVICE: Actor = { role: 'service' };

/**
 * Does what a notice of the card processor tells of. Each may come several times and in any order: it is done once.
 * @param body as it came, byte by byte
 * @returns refused with `card-notice-refused`, `card-payments-off`, or `not-found` where the notice of the payment
 *   itself has yet to come: the processor then sends this one again
 */
export async function receiveCardNotice(
  ports: NoticePorts,
  { body, signature }: { readonly body: string; readonly signature: string },
): Promise<Result<CardOutcome>> {
  if (ports.cards === undefined) return cardPaymentsOff();
  const notice = await ports.cards.readNotice(body, signature);
  if (!notice.ok) return notice;
  switch (notice.value.kind) {
    case 'paid':
      return takePayment(ports, notice.value);
    case 'refunded':
      return takeRefund(ports, notice.value);
    case 'disputed':
    case 'dispute-won':
      return takeDispute(ports, notice.value);
    case 'pending':
    case 'failed':
      return accept(notice.value.kind);
    case 'other':
      return accept('ignored');
  }
}

async function takePayment(
  ports: NoticePorts,
  { paymentId, amount, paymentReference, payer }: Extract<CardNotice, { readonly kind: 'paid' }>,
): Promise<Result<CardOutcome>> {
  const told = {
    ...(paymentReference === undefined ? {} : { paymentReference }),
    ...(payer === undefined ? {} : { payer }),
  };
  const notice = { noticeId: cardNoticeId(paymentId), channel: 'card', amount, ...told } as const;
  const received = await receivePayment(ports, notice, 'keep');
  return received.ok ? accept(received.value.payment.disposition) : received;
}

async function takeRefund(
  ports: NoticePorts,
  notice: Extract<CardNotice, { readonly kind: 'refunded' }>,
): Promise<Result<CardOutcome>> {
  const payment = await ports.payments.findByNotice(cardNoticeId(notice.paymentId));
  // The account with the processor may serve others too.
  if (payment === undefined) return notice.paymentReference === undefined ? accept('ignored') : notFound();
  if (payment.disposition === 'refunded') return accept('refunded');
  // It is a loss already: credit that came since was paid for by other money.
  if (payment.disposition === 'accepted' && payment.reason === WENT_BACK) return accept('disputed');
  if (!notice.isWhole) {
    const reason = `${printMoney(notice.refunded)} of it went back by card: book it by hand.`;
    const kept = await ports.payments.keep(noteOnPayment(payment, reason));
    return refusalOfMoney(kept) ?? accept('partly-refunded');
  }
  return sentBack(ports, payment);
}

/** Why what a payment paid for was undone, or could not be. */
const WENT_BACK = 'It went back by card.';

/** The whole money is back with the payer: what it paid for is undone. */
async function sentBack(ports: NoticePorts, payment: Payment): Promise<Result<CardOutcome>> {
  const reason = WENT_BACK;
  if (payment.disposition === 'unallocated') {
    const refused = refusalOfMoney(await ports.payments.keep(sendBack(payment, reason)));
    if (refused !== undefined) return refused;
  }
  if (payment.disposition === 'accepted') {
    const undone = await undoAcceptedPayment(ports, { actor: SERVICE, paymentId: payment.id, reason });
    // Credit that was spent cannot be taken back: what went back of it is our loss.
    if (!undone.ok && undone.refusal.code === 'credit-spent') return lose(ports, payment, reason);
    if (!undone.ok) return undone;
  }
  const due = await ports.payments.find(payment.id);
  if (due === undefined) return notFound();
  const noted = await noteRefund(ports, due);
  return noted.ok ? accept(noted.value.disposition) : noted;
}

async function takeDispute(
  ports: NoticePorts,
  { kind, paymentId, amount }: Extract<CardNotice, { readonly kind: 'disputed' | 'dispute-won' }>,
): Promise<Result<CardOutcome>> {
  const payment = await ports.payments.findByNotice(cardNoticeId(paymentId));
  if (payment === undefined) return accept('ignored');
  const nowMs = ports.clock.nowMs();
  const effects =
    kind === 'disputed' ? disputeLost(payment, amount, nowMs) : disputeWon(payment, amount, nowMs);
  return refusalOfMoney(await ports.payments.keep(effects)) ?? accept(kind);
}

async function lose(ports: NoticePorts, payment: Payment, reason: string): Promise<Result<CardOutcome>> {
  const effects = disputeLost(payment, payment.amount, ports.clock.nowMs(), reason);
  return refusalOfMoney(await ports.payments.keep(effects)) ?? accept('disputed');
}
