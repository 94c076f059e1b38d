import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import type { SipResponse } from '../../../protocols/sip/message/index.ts';
import { glareDelayMs } from '../../../protocols/sip/session/index.ts';
import type { ExchangeContext } from './context.ts';
import type { Leg } from './leg.ts';
import { describing } from './leg-session.ts';
import { passedHeaders } from './passed-headers.ts';

/** How often an INVITE that crossed another one is tried again. */
const MOST_ATTEMPTS = 5;

/** What came of it; called once. */
export type Joined = {
  done(): void;
  /**
   * @param status what the phone that refused said
   * @param tookOffer whether the invited phone already speaks to the other, which has gone meanwhile
   */
  failed(status: number, tookOffer: boolean): void;
};

/** A phone whose 2xx made an offer. */
type Offering = {
  readonly leg: Leg;
  readonly response: SipResponse;
  acknowledge(parts?: RequestParts): void;
};

/**
 * Brings two phones into one conversation (RFC 3725 §4.1, flow I): the one has made an offer in its 2xx, the
 * other is invited with it, and its answer goes back in the ACK.
 */
export function joinWithOffer(
  context: ExchangeContext,
  offering: Offering,
  other: Leg,
  joined: Joined,
  attempt = 1,
): void {
  const { leg, response } = offering;
  const again = () => {
    const afterMs = glareDelayMs(other.dialog.role === 'uac', context.random());
    context.timers.start(afterMs, () => joinWithOffer(context, offering, other, joined, attempt + 1));
  };
  if (leg.isClosed || other.isClosed) {
    fail(offering, joined, 481);
    return;
  }
  if (!other.mayInvite) {
    if (attempt < MOST_ATTEMPTS) again();
    else fail(offering, joined, 491);
    return;
  }
  const outgoing = other.invite(
    { headers: passedHeaders(response), body: response.body },
    {
      onProvisional: () => {},
      onSuccess: (answer, acknowledgeOther) => {
        takeBack();
        acknowledgeOther();
        if (leg.isClosed) {
          joined.failed(481, true);
          return;
        }
        offering.acknowledge({ headers: passedHeaders(answer), body: answer.body });
        leg.peer = other;
        other.peer = leg;
        joined.done();
      },
      onFailure: (status) => {
        takeBack();
        if (status === 491 && attempt < MOST_ATTEMPTS) again();
        else fail(offering, joined, status);
      },
    },
  );
  const takeBack = leg.whenClosed(() => outgoing.cancel());
}

/** Brings two phones that are both in conversations into one: the one is asked for an offer first. */
export function join(context: ExchangeContext, leg: Leg, other: Leg, joined: Joined, attempt = 1): void {
  const again = () => {
    const afterMs = glareDelayMs(leg.dialog.role === 'uac', context.random());
    context.timers.start(afterMs, () => join(context, leg, other, joined, attempt + 1));
  };
  if (leg.isClosed || other.isClosed) {
    joined.failed(481, false);
    return;
  }
  if (!leg.mayInvite) {
    if (attempt < MOST_ATTEMPTS) again();
    else joined.failed(491, false);
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
        else joined.failed(status, false);
      },
    },
  );
}

/**
 * The offer goes unanswered by the other phone, and the ACK has to be sent all the same (RFC 3261 §13.2.2.4). A phone
 * in a conversation is answered with what it was told last: then it goes on as before.
 */
function fail({ leg, acknowledge }: Offering, joined: Joined, status: number): void {
  const last = leg.lastDescription;
  acknowledge(last === undefined ? undefined : describing(last));
  joined.failed(status, false);
}
