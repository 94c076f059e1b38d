import { type Parsed, parsed, parseUri, unescapeUser } from '../../../protocols/sip/message/index.ts';

/** What a phone dialled, as a person would write it, and as it stands in the To of the phones that ring. */
export type DialledUri = {
  readonly dialled: string;
  readonly user: string;
  /** Where the number was ported to, as the URI says it: `+8250` (RFC 4694 §5). */
  readonly routingNumber?: string;
};

/**
 * Reads the URI of a request or a Refer-To. At one of our own hosts the user part is what was dialled; at any other
 * the whole URI is. A `tel:` URI is a number (RFC 3966).
 * @param servesHost whether a host, in lower case and without brackets, is ours
 * @param isFromTrunk a network that calls us for a number writes whatever host it likes
 */
export function dialledBy(
  text: string,
  servesHost: (host: string) => boolean,
  isFromTrunk = false,
): Parsed<DialledUri> {
  if (/^tel:/i.test(text)) {
    const user = encodeURIComponent(text.slice('tel:'.length).toWellFormed());
    return parsed({ dialled: text, user, ...portedTo(text.split(';').slice(1)) });
  }
  const uri = parseUri(text);
  if (!uri.ok) return uri;
  const { host, user = '' } = uri.value;
  if (!servesHost(host) && !(isFromTrunk && NUMBER.test(unescapeUser(user))))
    return parsed({ dialled: text, user });
  const [subscriber = '', ...parameters] = unescapeUser(user).split(';');
  // A telephone-subscriber may carry parameters of its own (RFC 3261 §19.1.6); a name with a semicolon is a name.
  if (parameters.length === 0 || !NUMBER.test(subscriber))
    return parsed({ dialled: unescapeUser(user), user });
  return parsed({ dialled: subscriber, user: subscriber, ...portedTo(parameters) });
}

/** A number as a network writes it, with what separates a branch; without parameters or with them. */
const NUMBER = /^\+?[\d().*#-]+(?:;.*)?$/;

/** The routing number among the parameters of a number, where it is a global one. */
function portedTo(parameters: readonly string[]): Pick<DialledUri, 'routingNumber'> {
  const routing = parameters.find((each) => /^rn=\+\d{1,15}$/i.test(each));
  return routing === undefined ? {} : { routingNumber: routing.slice('rn='.length) };
}
