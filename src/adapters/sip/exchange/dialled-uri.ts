import { type Parsed, parsed, parseUri, unescapeUser } from '../../../protocols/sip/message/index.ts';

/** What a phone dialled, as a person would write it, and as it stands in the To of the phones that ring. */
export type DialledUri = { readonly dialled: string; readonly user: string };

/**
 * Reads the URI of a request or a Refer-To. At one of our own hosts the user part is what was dialled; at any other
 * the whole URI is. A `tel:` URI is a number (RFC 3966).
 * @param servesHost whether a host, in lower case and without brackets, is ours
 */
export function dialledBy(text: string, servesHost: (host: string) => boolean): Parsed<DialledUri> {
  if (/^tel:/i.test(text))
    return parsed({ dialled: text, user: encodeURIComponent(text.slice(4).toWellFormed()) });
  const uri = parseUri(text);
  if (!uri.ok) return uri;
  const { host, user = '' } = uri.value;
  return parsed({ dialled: servesHost(host) ? unescapeUser(user) : text, user });
}
