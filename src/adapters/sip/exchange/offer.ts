import type { HeaderField, SipRequest } from '../../../protocols/sip/message/index.ts';
import type { CallOffer, Connection, Ring } from '../../../services/connect-call.ts';
import { callerIdentity } from './caller-identity.ts';
import type { ExchangeContext } from './context.ts';
import { capabilityHeaders, passedHeaders } from './passed-headers.ts';
import { flowToBinding } from './reach.ts';
import type { RingingPhoneOptions } from './ringing-phone.ts';

/** Finds what a terminal dialled; never waits. */
export type Connect = (offer: CallOffer) => Connection;

/** The call would come back to us (Q.850 cause 25: exchange routing error). */
const LOOP = { sipStatus: 482, q850Cause: 25 };

/** Finds what was dialled, without the phones that registered our own address: calling them would be a loop. */
export function withoutLoops(context: ExchangeContext, connect: Connect): Connect {
  return (offer) => {
    const connection = connect(offer);
    const { route } = connection;
    if (!route.ok || route.rings.length === 0) return connection;
    const rings = route.rings.filter(({ binding }) => !context.endpoint.isOwnAddress(flowToBinding(binding)));
    if (rings.length === route.rings.length) return connection;
    if (rings.length > 0) return { ...connection, route: { ok: true, rings } };
    return {
      ...connection,
      route: { ok: false, outcome: LOOP, detail: 'The phone registered our own address.' },
    };
  };
}

export type OfferOptions = {
  readonly connection: Connection;
  /** The user part that was dialled, escaped as in a URI. */
  readonly dialledUser: string;
  readonly displayName?: string;
  readonly maxForwards: number;
  /** The caller's INVITE, whose session and capabilities are passed on; without one, the phone makes the offer. */
  readonly like?: SipRequest;
  readonly headers?: readonly HeaderField[];
};

const NO_BODY = new Uint8Array(0);

/** What one phone is sent when it is to ring. */
export function offerTo(context: ExchangeContext, ring: Ring, options: OfferOptions): RingingPhoneOptions {
  const { connection, dialledUser, displayName, like } = options;
  const flow = flowToBinding(ring.binding);
  const caller = callerIdentity(connection.callerUser, context.domain, displayName, like);
  const sipCallId = context.endpoint.newCallId();
  context.onDialog(sipCallId, connection.facts.id);
  const headers: HeaderField[] = [
    { name: 'Max-Forwards', value: String(options.maxForwards) },
    { name: 'From', value: `${caller.address};tag=${context.endpoint.newTag()}` },
    { name: 'To', value: calledAddress(dialledUser, context.domain) },
    { name: 'Call-ID', value: sipCallId },
    { name: 'CSeq', value: '1 INVITE' },
    { name: 'Contact', value: context.endpoint.contact(flow, caller.user) },
    ...(options.headers ?? []),
    ...(like === undefined ? OWN_CAPABILITIES : [...passedHeaders(like), ...capabilityHeaders(like)]),
  ];
  const invite: SipRequest = {
    kind: 'request',
    method: 'INVITE',
    uri: ring.binding.contact,
    headers,
    body: like?.body ?? NO_BODY,
  };
  return { attempt: ring.attempt, flow, invite };
}

/** The To of what is sent to a phone; a URI without a user part, as of a domain, has none there either. */
export function calledAddress(dialledUser: string, domain: string): string {
  return dialledUser === '' ? `<sip:${domain}>` : `<sip:${dialledUser}@${domain}>`;
}

/** What a phone is told where no other phone's capabilities are known yet. */
const OWN_CAPABILITIES = capabilityHeaders({
  kind: 'request',
  method: 'INVITE',
  uri: '',
  headers: [],
  body: NO_BODY,
});
