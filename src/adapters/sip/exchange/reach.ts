import { isIP } from 'node:net';
import { type Gateway, SIP_PORTS } from '../../../domain/centres/index.ts';
import type { Binding } from '../../../domain/terminals/index.ts';
import { type Dialog, nextHopOf } from '../../../protocols/sip/dialog/index.ts';
import { escapeUser, parseUri } from '../../../protocols/sip/message/index.ts';
import type { Way } from '../../../services/ring.ts';
import { printHost } from '../endpoint/index.ts';
import type { Flow } from '../network/index.ts';

/**
 * The way to a phone that registered. Over a connection it is that connection (RFC 5626 §5.3). Over UDP, or where the
 * connection is gone (after a restart of ours), it is the address in the Contact where the phone really sent from that
 * address; a Contact that says another address was written behind a NAT, and the way back is the one the REGISTER came.
 */
export function flowToBinding({ contact, flow }: Binding): Flow {
  return flow.connection === undefined ? flowTo(contact, flow) : flow;
}

/** Where a way leads, in the order to try. */
export function flowsOf(way: Way): readonly [Flow, ...Flow[]] {
  return way.kind === 'binding' ? [flowToBinding(way.binding)] : way.hops;
}

/** The Request-URI for a number at a gateway. */
export function gatewayUri({ gateway, called }: Way & { readonly kind: 'trunk' }): string {
  const transport = gateway.transport === 'udp' ? '' : `;transport=${gateway.transport}`;
  return `sip:${escapeUser(called)}@${gatewayPlace(gateway)}${transport}`;
}

/** The host and port of a gateway as they stand in a URI: `sip.carrier.example:5080`. */
export function gatewayPlace({ host, port }: Gateway): string {
  return port === undefined ? printHost(host) : `${printHost(host)}:${port}`;
}

/** The way to the next hop of a dialog, which may have moved since the flow was known. */
export function flowWithin(dialog: Dialog, flow: Flow): Flow {
  return flow.transport === 'udp' ? flowTo(nextHopOf(dialog), flow) : flow;
}

function flowTo(uri: string, flow: Flow): Flow {
  const target = parseUri(uri);
  if (!target.ok || isIP(target.value.host) === 0 || target.value.host !== flow.address) return flow;
  const named = target.value.params.get('transport')?.toLowerCase();
  // A contact does not weaken the way: whoever came over TLS is reached over TLS.
  const transport = flow.transport === 'udp' && named === 'tcp' ? 'tcp' : flow.transport;
  const port = target.value.port ?? SIP_PORTS[transport];
  return port === flow.port && transport === flow.transport
    ? flow
    : { transport, address: flow.address, port };
}
