import { dialogKey } from '../../../protocols/sip/dialog/index.ts';
import {
  malformed,
  type Parsed,
  parseAddress,
  parsed,
  parseUri,
  type SipUri,
  unescapeUser,
} from '../../../protocols/sip/message/index.ts';

/** Where a phone wants its partner sent: a number to dial, or a conversation that is to be taken over. */
export type ReferTarget =
  | { readonly kind: 'dial'; readonly uri: string }
  | { readonly kind: 'take-over'; readonly dialogKey: string };

/** Reads the Refer-To of a REFER (RFC 3515 §2.1, RFC 3891 §3). */
export function referTargetOf(referTo: string): Parsed<ReferTarget> {
  const address = parseAddress(referTo);
  if (!address.ok) return address;
  const uri = parseUri(address.value.uri);
  if (!uri.ok) return uri;
  const method = uri.value.params.get('method')?.toUpperCase() ?? 'INVITE';
  if (method !== 'INVITE') return malformed(`The exchange does not send ${method} for a phone.`);
  const replaces = headerOf(uri.value, 'replaces');
  if (replaces !== undefined) {
    const key = replacedDialog(unescapeUser(replaces));
    return key.ok ? parsed({ kind: 'take-over', dialogKey: key.value }) : key;
  }
  return uri.value.user === undefined
    ? malformed('The Refer-To names nobody to call.')
    : parsed({ kind: 'dial', uri: address.value.uri });
}

/**
 * The key of our dialog that a Replaces value names: its to-tag is ours and its from-tag the phone's
 * (RFC 3891 §3).
 */
export function replacedDialog(value: string): Parsed<string> {
  const [callId, ...parameters] = value.split(';').map((part) => part.trim());
  const tags = new Map(
    parameters.map((parameter): [string, string] => {
      const [name = '', tag = ''] = parameter.split('=', 2).map((part) => part.trim());
      return [name.toLowerCase(), tag];
    }),
  );
  const localTag = tags.get('to-tag');
  const remoteTag = tags.get('from-tag');
  if (callId === undefined || callId === '' || localTag === undefined || remoteTag === undefined) {
    return malformed('The Replaces names no dialog.');
  }
  return parsed(dialogKey({ callId, localTag, remoteTag }));
}

/** Whether only a call that still rings is to be taken (RFC 3891 §6.1). */
export function isEarlyOnly(value: string): boolean {
  return /;\s*early-only\s*(?:;|$)/i.test(value);
}

function headerOf(uri: SipUri, name: string): string | undefined {
  for (const [key, value] of uri.headers) if (key.toLowerCase() === name) return value;
  return undefined;
}
