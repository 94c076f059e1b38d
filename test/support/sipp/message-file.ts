import { existsSync, readFileSync } from 'node:fs';
import {
  headerValue,
  parseAddress,
  parseMessage,
  parseUri,
  type SipMessage,
  type SipRequest,
  unescapeUser,
} from '../../../src/protocols/sip/message/index.ts';

/** A message as SIPp wrote it down. */
export type WrittenMessage = { readonly direction: 'received' | 'sent'; readonly message: SipMessage };

const BETWEEN = /^-{20,}.*$/m;
const HEADING = /^\s*\w+ message (received|sent) ?[[(][^\n]*\n\n?/;

/** Everything SIPp has sent and received so far, in order; what is written at this moment is left out. */
export function messagesIn(file: string): readonly WrittenMessage[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'latin1')
    .split(BETWEEN)
    .flatMap((section) => {
      const heading = HEADING.exec(section);
      if (heading === null) return [];
      // SIPp ends each with a line feed of its own.
      const text = section.slice(heading[0].length).replace(/\n$/, '');
      const message = parseMessage(Buffer.from(text, 'latin1'));
      const direction = heading[1] === 'sent' ? 'sent' : 'received';
      return message.ok ? [{ direction, message: message.value }] : [];
    });
}

/** A call as it arrived at another network. */
export type ArrivedCall = {
  /** The user part of the Request-URI: the called number, unescaped. */
  readonly called: string;
  /** The user part of From. */
  readonly calling: string;
  readonly invite: SipRequest;
  /** A header's value; undefined where there is none. */
  header(name: string): string | undefined;
  readonly body: string;
};

/** The INVITEs that began calls, each once, also those that are sent again with credentials. */
export function callsIn(messages: readonly WrittenMessage[]): readonly ArrivedCall[] {
  const seen = new Set<string>();
  return requestsIn(messages, 'INVITE').flatMap((invite) => {
    const key = `${headerValue(invite, 'Call-ID')} ${headerValue(invite, 'CSeq')}`;
    if (seen.has(key) || /;\s*tag=/i.test(headerValue(invite, 'To') ?? '')) return [];
    seen.add(key);
    return [arrived(invite)];
  });
}

/** The requests of a method that were received, repeated ones too. */
export function requestsIn(messages: readonly WrittenMessage[], method: string): readonly SipRequest[] {
  return messages.flatMap(({ direction, message }) =>
    direction === 'received' && message.kind === 'request' && message.method === method ? [message] : [],
  );
}

function arrived(invite: SipRequest): ArrivedCall {
  const from = parseAddress(headerValue(invite, 'From') ?? '');
  return {
    called: userOf(invite.uri),
    calling: from.ok ? userOf(from.value.uri) : '',
    invite,
    header: (name) => headerValue(invite, name),
    body: Buffer.from(invite.body).toString(),
  };
}

function userOf(uri: string): string {
  const parsed = parseUri(uri);
  return parsed.ok ? unescapeUser(parsed.value.user ?? '') : '';
}
