import type { Ring } from '../../../services/ring.ts';
import type { ExchangeContext } from './context.ts';
import { type OfferOptions, offerTo } from './offer.ts';
import { RingingPhone, type RingingPhoneListener } from './ringing-phone.ts';
import { type Ringing, ScreenedPhone } from './screened-phone.ts';

/** What is to ring for a call: a phone, or a member's own telephone, where a person has to take the call (R18). */
export function ringingFor(
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
