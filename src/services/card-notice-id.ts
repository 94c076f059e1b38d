/** The notice id of a payment by card is the processor's id of it, marked as such. */
const PREFIX = 'card/';

export function cardNoticeId(paymentId: string): string {
  return `${PREFIX}${paymentId}`;
}

/** The processor's id of a payment by card. */
export function cardPaymentId(noticeId: string): string {
  return noticeId.slice(PREFIX.length);
}
