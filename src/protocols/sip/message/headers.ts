import { parseAddress } from './address.ts';
import type { SipMessage } from './message.ts';
import { splitList } from './parameters.ts';
import { parseVia, type Via } from './via.ts';

/*
 * What is read again and again from a message. The parser has refused messages in which these are missing
 * or malformed, so that a reader of a parsed message always finds them; a message built by hand without
 * them is a bug of its builder, and reads as empty.
 */

/** The first value of a header, by its canonical name. */
export function headerValue(message: SipMessage, name: string): string | undefined {
  for (const field of message.headers) if (field.name === name) return field.value;
  return undefined;
}

/** All values of a list header, split at their commas, in order. */
export function headerValues(message: SipMessage, name: string): string[] {
  const values: string[] = [];
  for (const field of message.headers) {
    if (field.name !== name) continue;
    const items = splitList(field.value);
    if (items.ok) values.push(...items.value);
  }
  return values;
}

/** The message with its first header of that name replaced, or with the header appended. */
export function withHeader<Message extends SipMessage>(
  message: Message,
  name: string,
  value: string,
): Message {
  const index = message.headers.findIndex((field) => field.name === name);
  if (index === -1) return { ...message, headers: [...message.headers, { name, value }] };
  return { ...message, headers: message.headers.with(index, { name, value }) };
}

/** The message with a header before all others, as a new Via is. */
export function prependHeader<Message extends SipMessage>(
  message: Message,
  name: string,
  value: string,
): Message {
  return { ...message, headers: [{ name, value }, ...message.headers] };
}

/** The message without any header of that name. */
export function withoutHeader<Message extends SipMessage>(message: Message, name: string): Message {
  return { ...message, headers: message.headers.filter((field) => field.name !== name) };
}

export function callId(message: SipMessage): string {
  return headerValue(message, 'Call-ID') ?? '';
}

/** The number and method of CSeq (RFC 3261 §20.16). */
export function cseq(message: SipMessage): { readonly number: number; readonly method: string } {
  const value = headerValue(message, 'CSeq') ?? '';
  const blank = value.indexOf(' ');
  // Nearly always it is one blank; beside it the grammar allows tabs.
  const space = blank === -1 || value.includes('\t') ? value.search(/[ \t]/) : blank;
  return { number: Number(value.slice(0, space)), method: value.slice(space + 1).trimStart() };
}

export function fromTag(message: SipMessage): string | undefined {
  return tagOf(headerValue(message, 'From') ?? '');
}

export function toTag(message: SipMessage): string | undefined {
  return tagOf(headerValue(message, 'To') ?? '');
}

/** Max-Forwards, or undefined where the message has none. */
export function maxForwards(message: SipMessage): number | undefined {
  const value = headerValue(message, 'Max-Forwards');
  return value === undefined ? undefined : Number(value);
}

export function contentType(message: SipMessage): string | undefined {
  return headerValue(message, 'Content-Type');
}

const BRANCH = ';branch=';

/** The Via that was read last: matching, answering and sending ask for the same one in turn. */
let lastVia: { readonly text: string; readonly via: Via | undefined } = { text: '', via: undefined };

/** The topmost Via, which says who sent the message last; undefined where it is malformed. */
export function topVia(message: SipMessage): Via | undefined {
  const text = topViaText(message);
  if (text === undefined) return undefined;
  if (text !== lastVia.text) {
    const via = parseVia(text);
    lastVia = { text, via: via.ok ? via.value : undefined };
  }
  return lastVia.via;
}

/**
 * The branch of the topmost Via, which says what transaction a message belongs to. In the plain case, where nothing is
 * quoted, it is cut out without reading the others.
 */
export function topBranch(message: SipMessage): string | undefined {
  const text = topViaText(message) ?? '';
  const at = text.indexOf(BRANCH);
  if (at === -1 || text.includes('"')) return topVia(message)?.branch;
  const end = text.indexOf(';', at + BRANCH.length);
  return text.slice(at + BRANCH.length, end === -1 ? text.length : end).trim();
}

/** The topmost Via as text, without those that follow it in the same header. */
export function topViaText(message: SipMessage): string | undefined {
  const value = headerValue(message, 'Via');
  if (value === undefined) return undefined;
  const comma = value.indexOf(',');
  return comma === -1 ? value : value.slice(0, comma);
}

/** The tag of a From or To value. The plain case, where the tag is all that follows the address, is the fast one. */
function tagOf(value: string): string | undefined {
  const at = value.lastIndexOf(';tag=');
  if (at !== -1 && value.indexOf('>', at) === -1 && value.indexOf('"', at) === -1) {
    const end = value.indexOf(';', at + 5);
    return end === -1 ? value.slice(at + 5) : value.slice(at + 5, end);
  }
  const address = parseAddress(value);
  return address.ok ? address.value.params.get('tag') : undefined;
}
