import type { SipMessage } from './message.ts';

/**
 * Writes a message as it goes on the wire. Content-Length is that of the body, whatever the headers say;
 * header values come from the parser or from our own code and hold no line ends.
 */
export function printMessage(message: SipMessage): Buffer {
  let head =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0\r\n`
      : `SIP/2.0 ${message.status} ${message.reason}\r\n`;
  for (const { name, value } of message.headers) {
    if (name !== 'Content-Length') head += `${name}: ${value}\r\n`;
  }
  const { body } = message;
  head += `Content-Length: ${body.length}\r\n\r\n`;
  const headLength = Buffer.byteLength(head);
  const bytes = Buffer.allocUnsafe(headLength + body.length);
  bytes.write(head);
  bytes.set(body, headLength);
  return bytes;
}
