import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import type { SipResponse } from '../../../protocols/sip/message/index.ts';
import { glareDelayMs } from '../../../protocols/sip/session/index.ts';
import type { ExchangeContext } from './context.ts';
import type { Leg } from './leg.ts';
import { describing } from './leg-session.ts';
import { type Passage, passBody, passingBack } from './passage.ts';
import { passedHeaders } from './passed-headers.ts';
import { pairUp, passageBetween } from './relayed.ts';

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

/** A phone whose 2xx made an offer, as the other is to see it. */
type Offering = {
  readonly leg: Leg;
  readonly response: SipResponse;
  acknowledge(parts?: RequestParts): void;
  /** With a description that is ours already, and not the other phone's. */
  acknowledgeAsBefore(parts?: RequestParts): void;
  /** By what the two will hear each other, where not directly. */
  readonly passage: Passage | undefined;
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
        pairUp(other, leg, offering.passage);
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
        joinRelayed(context, { leg, response, acknowledge }, other, joined),
      onFailure: (status) => {
        if (status === 491 && attempt < MOST_ATTEMPTS) again();
        else joined.failed(status, false);
      },
    },
  );
}

/** Through the relay where one of the two needs it. */
function joinRelayed(
  context: ExchangeContext,
  offering: Pick<Offering, 'leg' | 'response' | 'acknowledge'>,
  other: Leg,
  joined: Joined,
): void {
  const { leg, response } = offering;
  const acknowledgeAsBefore = (parts?: RequestParts) => offering.acknowledge(parts);
  const passage = passageBetween(context, other, leg);
  if (passage === 'full') {
    fail({ leg, acknowledgeAsBefore }, joined, 503);
    return;
  }
  const acknowledge = passingBack(passage, acknowledgeAsBefore);
  const settled: Joined = {
    done: () => joined.done(),
    failed: (status, tookOffer) => {
      passage?.close();
      joined.failed(status, tookOffer);
    },
  };
  passBody(passage, 'callee', 'offer', response.body, (body) => {
    if (body === undefined) {
      fail({ leg, acknowledgeAsBefore }, settled, 488);
      return;
    }
    const passed = { ...response, body };
    const offered = { leg, response: passed, acknowledge, acknowledgeAsBefore, passage };
    joinWithOffer(context, offered, other, settled);
  });
}

/**
 * The offer goes unanswered by the other phone, and the ACK has to be sent all the same (RFC 3261 §13.2.2.4). A phone
 * in a conversation is answered with what it was told last: then it goes on as before.
 */
function fail(
  { leg, acknowledgeAsBefore }: Pick<Offering, 'leg' | 'acknowledgeAsBefore'>,
  joined: Joined,
  status: number,
): void {
  const last = leg.lastDescription;
  acknowledgeAsBefore(last === undefined ? undefined : describing(last));
  joined.failed(status, false);
}
