import type { DepositShown } from '../adapters/http/index.ts';
import { PAGE_OPTIONS, pageAsked } from './asked.ts';
import { priced } from './money-text.ts';
import type { Items } from './service-client.ts';
import type { Verb } from './service-command.ts';
import type { Column } from './table.ts';

export const DEPOSIT: readonly Column<DepositShown>[] = [
  { title: 'deposit', of: ({ id }) => id },
  { title: 'for', of: ({ orderId, billId, memberId }) => orderId ?? billId ?? memberId },
  { title: 'notice', of: ({ noticeId }) => noticeId },
  { title: 'amount', of: ({ amount }) => priced(amount) },
  { title: 'state', of: ({ disposition }) => disposition },
  { title: 'reason', of: ({ reason }) => reason },
];

/** All money that came in: a verb of two commands. */
export const DEPOSIT_LIST: Omit<Verb, 'name' | 'summary'> = {
  arguments: [],
  options: {
    state: { value: '<state>', about: 'accepted, unallocated, refund-due or refunded' },
    ...PAGE_OPTIONS,
  },
  run: async (call) => {
    const query = { disposition: call.option('state'), ...pageAsked(call) };
    call.show.list(await call.client.get<Items<DepositShown>>('/v1/deposits', query), DEPOSIT);
  },
};
