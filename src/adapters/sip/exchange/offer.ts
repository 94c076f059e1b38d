import type { Outcome } from '../../../domain/exchange/call/index.ts';
import { limitCodecs } from '../../../protocols/sdp/index.ts';
import type { HeaderField, SipRequest } from '../../../protocols/sip/message/index.ts';
import type { CallOffer, Connection, ErrandOffer } from '../../../services/connect-call.ts';
import type { Ring, Way } from '../../../services/ring.ts';
import { printHost } from '../endpoint/index.ts';
import { callerIdentity, identityForTrunk } from './caller-identity.ts';
import type { ExchangeContext } from './context.ts';
import { errandHeader } from './errands.ts';
import { markHeader } from './hop-marks.ts';
import { namesAnotherAddress } from './nat.ts';
import type { OutwardLine } from './outward-line.ts';
import type { Passage } from './passage.ts';
import { capabilityHeaders, passedHeaders } from './passed-headers.ts';
import { flowsOf, gatewayUri } from './reach.ts';
import { isRelayed, openPassage, type RelayedEnd } from './relayed.ts';
import type { RingingPhoneOptions } from './ringing-phone.ts';

/** Finds what was dialled; it waits only where an address has to be looked up first. */
export type Connect = (offer: CallOffer) => Connection | Promise<Connection>;

/** Finds what another process of ours asks for. */
export type ConnectErrand = (errand: ErrandOffer) => Connection | Promise<Connection>;

/** The call would come back to us (Q.850 cause 25: exchange routing error). */
const LOOP: Outcome = { sipStatus: 482, q850Cause: 25 };

/** Finds what was dialled, without what leads to our own address: calling it would be a loop. */
export function withoutLoops(context: ExchangeContext, connect: Connect): Connect {
  const leadsToUs = ({ way }: Ring) => flowsOf(way).some((flow) => context.endpoint.isOwnAddress(flow));
  const cut = (connection: Connection): Connection => {
    const { route } = connection;
    if (!route.ok) return connection;
    if (!route.branches.some(({ rings }) => rings.some(leadsToUs))) return connection;
    const branches = route.branches
      .map((branch) => ({ ...branch, rings: branch.rings.filter((ring) => !leadsToUs(ring)) }))
      .filter(({ rings }) => rings.length > 0);
    if (branches.length > 0) return { ...connection, route: { ok: true, branches } };
    const detail = 'It leads to our own address.';
    return { ...connection, route: { ok: false, outcome: LOOP, detail } };
  };
  return (offer) => {
    const connecting = connect(offer);
    return connecting instanceof Promise ? connecting.then(cut) : cut(connecting);
  };
}

/** Goes on with a connection, at once where it is there. */
export function whenConnected<Value>(
  connecting: Connection | Promise<Connection>,
  goOn: (connection: Connection) => Value,
): void {
  if (connecting instanceof Promise) connecting.then(goOn);
  else goOn(connecting);
}

export type OfferOptions = {
  readonly connection: Connection;
  /** Who calls, as the relay has to know it; absent where the exchange itself does. */
  readonly caller?: RelayedEnd;
  /** The user part that was dialled, escaped as in a URI. */
  readonly dialledUser: string;
  readonly displayName?: string;
  readonly maxForwards: number;
  /** The caller's INVITE, whose session and capabilities are passed on; without one, the phone makes the offer. */
  readonly like?: SipRequest;
  readonly headers?: readonly HeaderField[];
};

const NO_BODY = new Uint8Array(0);

/** What one phone, or one way to another network, is sent when it is to ring. */
export function offerTo(context: ExchangeContext, ring: Ring, options: OfferOptions): RingingPhoneOptions {
  const { connection, like } = options;
  const flows = flowsOf(ring.way);
  const sipCallId = context.endpoint.newCallId();
  const { uri, from, to, contactUser, headers: identity } = addressing(context, ring.way, sipCallId, options);
  context.onDialog(sipCallId, connection.facts.id);
  const headers: HeaderField[] = [
    { name: 'Max-Forwards', value: String(options.maxForwards) },
    { name: 'From', value: `${from};tag=${context.endpoint.newTag()}` },
    { name: 'To', value: to },
    { name: 'Call-ID', value: sipCallId },
    { name: 'CSeq', value: '1 INVITE' },
    { name: 'Contact', value: context.endpoint.contact(flows[0], contactUser) },
    ...identity,
    ...(options.headers ?? []),
    ...(like === undefined ? OWN_CAPABILITIES : [...passedHeaders(like), ...capabilityHeaders(like)]),
  ];
  const body = offerFor(ring.way, like?.body ?? NO_BODY);
  const invite: SipRequest = { kind: 'request', method: 'INVITE', uri, headers, body: body ?? NO_BODY };
  const line = lineOf(context, ring.way, connection.facts.id);
  const callee = {
    needsRelay: needsRelay(ring.way),
    ...(ring.way.kind === 'binding' ? { address: flows[0].address } : {}),
  };
  const { caller } = options;
  return {
    attempt: ring.attempt,
    flows,
    invite,
    needsRelay: callee.needsRelay,
    ...(body === undefined ? { refusal: NO_SHARED_CODEC } : {}),
    ...(line === undefined ? {} : { line }),
    ...(caller !== undefined && isRelayed(context, caller, callee)
      ? { openPassage: (onSilence) => enterRelay(context, ring.way, { caller, callee }, onSilence) }
      : {}),
  };
}

/** A relay that is full does not hold up a call for help, which then goes without it. */
function enterRelay(
  context: ExchangeContext,
  way: Way,
  ends: { readonly caller: RelayedEnd; readonly callee: RelayedEnd },
  onSilence: () => void,
): Passage | 'full' | undefined {
  const passage = openPassage(context, ends, onSilence);
  return passage === 'full' && way.kind === 'trunk' && way.isEmergency === true ? undefined : passage;
}

/** What a trunk is offered, which may know few codecs; nothing where none of the caller's is among them. */
function offerFor(way: Way, body: Uint8Array): Uint8Array | undefined {
  if (way.kind !== 'trunk' || way.trunk.codecs.length === 0 || body.length === 0) return body;
  const limited = limitCodecs(Buffer.from(body).toString('utf8'), way.trunk.codecs);
  return limited === undefined ? undefined : Buffer.from(limited);
}

/** Q.850 cause 65: bearer capability not implemented. */
const NO_SHARED_CODEC: Outcome = { sipStatus: 488, q850Cause: 65 };

function lineOf(context: ExchangeContext, way: Way, callId: string): OutwardLine | undefined {
  if (way.kind === 'trunk') return context.lineOf(way, callId);
  return way.kind === 'process' ? TO_A_PROCESS : undefined;
}

/**
 * Another process of ours is near: one that says nothing for so long is dead. One that tries waits for a phone, or for
 * carriers one after the other, and gives up by itself. The ring time is the call's own.
 */
const TO_A_PROCESS: OutwardLine = {
  silenceMs: 1_500,
  tryingMs: 60_000,
  ringMs: 600_000,
  seize: () => () => {},
  challenged: () => undefined,
  onHeard: () => {},
};

/** Another network is behind it, or a NAT. */
function needsRelay(way: Way): boolean {
  // Another process relays itself what needs it.
  if (way.kind === 'process') return false;
  if (way.kind !== 'binding') return true;
  return namesAnotherAddress(way.binding.contact, way.binding.flow.address);
}

/** How the INVITE of one way is addressed, and what it says of the caller. */
type Addressing = {
  readonly uri: string;
  readonly from: string;
  readonly to: string;
  readonly contactUser: string;
  readonly headers: readonly HeaderField[];
};

function addressing(
  context: ExchangeContext,
  way: Way,
  sipCallId: string,
  options: OfferOptions,
): Addressing {
  const { connection, dialledUser, displayName, like } = options;
  const { domain } = context;
  switch (way.kind) {
    case 'binding': {
      const { address, user } = callerIdentity(connection.callerUser, domain, displayName, like);
      const to = calledAddress(dialledUser, domain);
      return { uri: way.binding.contact, from: address, to, contactUser: user, headers: [] };
    }
    case 'process': {
      const from = callerIdentity(connection.callerUser, domain, displayName, like);
      const { address: host, port } = way.hops[0];
      const user = dialledUser === '' ? '' : `${dialledUser}@`;
      const uri = `sip:${user}${printHost(host)}:${port}`;
      const to = calledAddress(dialledUser, domain);
      const errand = context.signatures && [
        errandHeader(context.signatures, sipCallId, way.errand, connection),
      ];
      const privacy = like?.headers.filter(({ name }) => name === 'Privacy') ?? [];
      const headers = [...(errand ?? []), ...privacy, ...markHeader(connection.marks)];
      return { uri, from: from.address, to, contactUser: from.user, headers };
    }
    case 'address': {
      const { address, user } = callerIdentity(connection.callerUser, domain, displayName, like);
      const headers = markHeader(connection.marks);
      return { uri: way.uri, from: address, to: `<${way.uri}>`, contactUser: user, headers };
    }
    case 'trunk': {
      const uri = gatewayUri(way);
      const { address, user, headers } = identityForTrunk(way, domain, like);
      const marks = markHeader(connection.marks);
      return { uri, from: address, to: `<${uri}>`, contactUser: user, headers: [...headers, ...marks] };
    }
  }
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
