import {
  headerValue,
  prependHeader,
  type SipMessage,
  withHeader,
} from '../../../protocols/sip/message/index.ts';
import type { Flow, LocalAddress } from '../network/index.ts';

const RPORT = /;\s*rport\s*(?=[;,]|$)/i;
const OWN_MARKS = /;\s*(?:received|rport)\s*=[^;,]*/gi;

/**
 * The request with its top Via saying where it came from: `received` where the address is not the one in sent-by
 * (RFC 3261 §18.2.1), and always together with `rport` where that is asked for (RFC 3581 §4). What the sender
 * itself put there is taken out, so that nobody can point our answers elsewhere.
 */
export function stampSource<Message extends SipMessage>(request: Message, source: Flow): Message {
  const value = headerValue(request, 'Via') ?? '';
  const comma = value.indexOf(',');
  const top = (comma === -1 ? value : value.slice(0, comma)).replaceAll(OWN_MARKS, '');
  const address = source.address.includes(':') ? `[${source.address}]` : source.address;
  let stamped = top;
  if (RPORT.test(top)) stamped = top.replace(RPORT, `;rport=${source.port};received=${source.address}`);
  else if (!isSentBy(top, address)) stamped = `${top};received=${source.address}`;
  const rest = comma === -1 ? '' : value.slice(comma);
  return stamped + rest === value ? request : withHeader(request, 'Via', stamped + rest);
}

/** Whether the sent-by of a Via is this address: 192.0.2.1 is not 192.0.2.10. */
function isSentBy(via: string, address: string): boolean {
  const at = via.indexOf(` ${address}`);
  if (at === -1) return false;
  const next = via.charAt(at + 1 + address.length);
  return next === '' || next === ':' || next === ';' || next === ' ';
}

/**
 * Where a response goes (RFC 3261 §18.2.2, RFC 3581 §4): back on the connection, and over UDP to the source address,
 * at the source port where the client asked for it with `rport`, else at the port of its sent-by.
 */
export function responseFlow(request: SipMessage, source: Flow, sentByPort: number | undefined): Flow {
  if (source.transport !== 'udp') return source;
  const value = headerValue(request, 'Via') ?? '';
  if (/;\s*rport/i.test(value)) return source;
  const port = sentByPort ?? 5060;
  return port === source.port ? source : { ...source, port };
}

/** The request with our Via on top, so that its answers come back here (RFC 3261 §8.1.1.7, RFC 3581 §3). */
export function withOwnVia<Message extends SipMessage>(
  request: Message,
  local: LocalAddress,
  branch: string,
): Message {
  const sentBy = `${printHost(local.address)}:${local.port}`;
  return prependHeader(
    request,
    'Via',
    `SIP/2.0/${local.transport.toUpperCase()} ${sentBy};rport;branch=${branch}`,
  );
}

/** A host as it stands in URIs and headers: IPv6 in brackets. */
export function printHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
