import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import type { SipResponse } from '../../../protocols/sip/message/index.ts';
import { glareDelayMs } from '../../../protocols/sip/session/index.ts';
import type { ExchangeContext } from './context.ts';
import type { Leg } from './leg.ts';
import { passedHeaders } from './passed-headers.ts';

/** How often an INVITE that crossed another one is tried again. */
const MOST_ATTEMPTS = 5;

export type Joined = {
  done(): void;
  /** @param status what the phone that refused said */
  failed(status: number): void;
};

/**
 * Brings two phones into one conversation (RFC 3725 §4.1, flow I): the one has made an offer in its 2xx, the
 * other is invited with it, and its answer goes back in the ACK.
 */
export function joinWithOffer(
  context: ExchangeContext,
  offering: { readonly leg: Leg; readonly response: SipResponse; acknowledge(parts?: RequestParts): void },
  other: Leg,
  joined: Joined,
  attempt = 1,
): void {
  const { leg, response, acknowledge } = offering;
  const again = () => {
    const afterMs = glareDelayMs(other.dialog.role === 'uac', context.random());
    context.timers.start(afterMs, () => joinWithOffer(context, offering, other, joined, attempt + 1));
  };
  if (leg.isClosed || other.isClosed) {
    acknowledge();
    joined.failed(481);
    return;
  }
  if (!other.mayInvite) {
    if (attempt < MOST_ATTEMPTS) again();
    else fail(acknowledge, joined, 491);
    return;
  }
  other.invite(
    { headers: passedHeaders(response), body: response.body },
    {
      onProvisional: () => {},
      onSuccess: (answer, acknowledgeOther) => {
        acknowledgeOther();
        acknowledge({ headers: passedHeaders(answer), body: answer.body });
        leg.peer = other;
        other.peer = leg;
        joined.done();
      },
      onFailure: (status) => {
        if (status === 491 && attempt < MOST_ATTEMPTS) again();
        else fail(acknowledge, joined, status);
      },
    },
  );
}

/** Brings two phones that are both in conversations into one: the one is asked for an offer first. */
export function join(context: ExchangeContext, leg: Leg, other: Leg, joined: Joined, attempt = 1): void {
  const again = () => {
    const afterMs = glareDelayMs(leg.dialog.role === 'uac', context.random());
    context.timers.start(afterMs, () => join(context, leg, other, joined, attempt + 1));
  };
  if (leg.isClosed || other.isClosed) {
    joined.failed(481);
    return;
  }
  if (!leg.mayInvite) {
    if (attempt < MOST_ATTEMPTS) again();
    else joined.failed(491);
    return;
  }
  leg.invite(
    {},
    {
      onProvisional: () => {},
      onSuccess: (response, acknowledge) =>
        joinWithOffer(context, { leg, response, acknowledge }, other, joined),
      onFailure: (status) => {
        if (status === 491 && attempt < MOST_ATTEMPTS) again();
        else joined.failed(status);
      },
    },
  );
}

/** The offer goes unanswered: the dialog has to be acknowledged all the same (RFC 3261 §13.2.2.4). */
function fail(acknowledge: (parts?: RequestParts) => void, joined: Joined, status: number): void {
  acknowledge();
  joined.failed(status);
}
