import { contentType, type SipMessage } from '../message/index.ts';

/** Whether the message carries a session description, alone or as a part of a multipart body. */
export function describesSession(message: SipMessage): boolean {
  if (message.body.length === 0) return false;
  const type = (contentType(message) ?? '').trimStart().toLowerCase();
  return type.startsWith('application/sdp') || type.startsWith('multipart/');
}
