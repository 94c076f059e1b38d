import type { Attribute, Connection, OtherLine, OtherType, Session } from './session.ts';

/** Writes a session description, its lines in the order of RFC 8866 §5. */
export function printSession(session: Session): string {
  const { origin, name, connection, times, others, attributes, media } = session;
  let text = 'v=0\r\n';
  text += `o=${origin.username} ${origin.sessionId} ${origin.version} IN ${familyOf(origin.address)} ${origin.address}\r\n`;
  text += `s=${name}\r\n${printOthers(others, 'iuep')}${printConnection(connection)}${printOthers(others, 'b')}`;
  for (const time of times) text += `t=${time}\r\n`;
  text += `${printOthers(others, 'rzk')}${printAttributes(attributes)}`;
  for (const each of media) {
    const ports = each.ports === undefined ? '' : `/${each.ports}`;
    text += `m=${each.kind} ${each.port}${ports} ${each.protocol} ${each.formats.join(' ')}\r\n`;
    text += `${printOthers(each.others, 'i')}${printConnection(each.connection)}${printOthers(each.others, 'bk')}`;
    text += printAttributes(each.attributes);
  }
  return text;
}

function printConnection(connection: Connection | undefined): string {
  return connection === undefined ? '' : `c=IN ${familyOf(connection.address)} ${connection.address}\r\n`;
}

/** A host name may be of either family; IPv4 is what it is taken for. */
function familyOf(address: string): string {
  return address.includes(':') ? 'IP6' : 'IP4';
}

/** The lines of these types, type by type; within a type in their own order. */
function printOthers(others: readonly OtherLine[], types: string): string {
  let text = '';
  for (const wanted of types) {
    for (const { type, value } of others) if (type === (wanted as OtherType)) text += `${type}=${value}\r\n`;
  }
  return text;
}

function printAttributes(attributes: readonly Attribute[]): string {
  let text = '';
  for (const { name, value } of attributes)
    text += value === undefined ? `a=${name}\r\n` : `a=${name}:${value}\r\n`;
  return text;
}
