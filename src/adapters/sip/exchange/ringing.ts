import { refuseCall, startCall } from '../../../domain/exchange/call/index.ts';
import type { Connection } from '../../../services/connect-call.ts';
import { branchesOf, type Ring } from '../../../services/ring.ts';
import type { ExchangeContext } from './context.ts';
import { type OfferOptions, offerTo } from './offer.ts';
import { RingingPhone, type RingingPhoneListener } from './ringing-phone.ts';
import { type Ringing, ScreenedPhone } from './screened-phone.ts';

/** The call that a connection begins, or that was refused before anybody was asked, and its first effects. */
export function beginningOf({ facts, route }: Connection): ReturnType<typeof startCall> {
  return route.ok ? startCall(facts, branchesOf(route.branches)) : refuseCall(facts, route.outcome);
}

/** Everything that may ring for a call. */
export function ringingsFor(
  context: ExchangeContext,
  options: OfferOptions,
  listener: RingingPhoneListener,
): Ringing[] {
  const { route } = options.connection;
  const rings = route.ok ? route.branches.flatMap((branch) => branch.rings) : [];
  return rings.map((ring) => ringingFor(context, ring, options, listener));
}

/** A phone, or a member's own telephone, where a person has to take the call (R18). */
function ringingFor(
  context: ExchangeContext,
  ring: Ring,
  options: OfferOptions,
  listener: RingingPhoneListener,
): Ringing {
  const phone = offerTo(context, ring, options);
  const { party } = ring.attempt;
  if (party.kind !== 'trunk' || party.memberId === undefined)
    return new RingingPhone(context, phone, listener);
  const { language, facts } = options.connection;
  const from = facts.callerNumber;
  return new ScreenedPhone(context, { phone, language, ...(from === undefined ? {} : { from }) }, listener);
}
