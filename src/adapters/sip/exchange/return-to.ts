import type { Outcome } from '../../../domain/exchange/call/index.ts';
import type { CarriedCall } from './carried-call.ts';
import type { ExchangeContext } from './context.ts';
import { join } from './join.ts';
import type { Leg } from './leg.ts';
import { reasonOf } from './reason.ts';

/** Why a transfer came to nothing, and whether the phone had taken the session it was sent to. */
export type FailedTransfer = { readonly outcome: Outcome; readonly tookOffer: boolean };

/**
 * The transfer of a phone came to nothing: it goes back to the one who transferred it. Where that one has left, the
 * phone is hung up; where it had taken the new session, the two agree on one again.
 */
export function returnTo(
  context: ExchangeContext,
  old: CarriedCall,
  leg: Leg,
  { outcome, tookOffer }: FailedTransfer,
): void {
  if (leg.isClosed) return;
  leg.owner = old;
  if (old.call.phase === 'ended') {
    leg.bye(reasonOf(outcome));
    return;
  }
  old.happened({ kind: 'transfer-failed' });
  const transferrer = leg.peer;
  if (!tookOffer || transferrer === undefined) return;
  join(context, transferrer, leg, {
    done: () => {},
    failed: () => old.happened({ kind: 'hung-up', by: 'exchange', outcome }),
  });
}
