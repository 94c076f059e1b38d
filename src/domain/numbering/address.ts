/** An address as it was typed: a person's e-mail or SIP address, or the domain of an enterprise (R17). */
export type Address =
  | {
      readonly kind: 'email';
      /** `alice@acme.example`: the domain in lower-case A-labels, the part before it as typed. */
      readonly address: string;
      /**
       * `member-or-uri` where only `user@host` was typed: a member's e-mail first, a SIP URI second. `member` after `mailto:`,
       * `uri` after `sip:` or `sips:`, which mean just that.
       */
      readonly meaning: 'member-or-uri' | 'member' | 'uri';
      /** The SIP URI, where that may be meant. */
      readonly uri?: string;
    }
  | {
      readonly kind: 'domain';
      /** In lower-case A-labels: `acme.example`. */
      readonly domain: string;
      readonly uri?: string;
    };

/** A SIP URI in its parts (RFC 3261 §19.1.1). */
export type SipParts = {
  readonly scheme: 'sip' | 'sips';
  /** Unescaped; empty where there is none. */
  readonly user: string;
  /** In lower case. */
  readonly host: string;
  /** Port, parameters and headers, as typed. */
  readonly tail: string;
};

/** RFC 5321 §4.1.2: the dot-string; quoted strings are not dialled by anybody. */
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+\-/=?^_`{|}~]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+\-/=?^_`{|}~]+)*$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Letters, digits and hyphens of any script, and the four full stops of UTS #46. */
const HOST_CHARACTERS = /^[\p{L}\p{M}\p{N}\-.。．｡]+$/u;
const SIP_URI = /^(sips?):(?:([^@]*)@)?(\[[0-9a-fA-F:.]+\]|[^:;?@/[\]]+)((?::\d{1,5})?(?:[;?].*)?)$/i;
const IP_ADDRESS = /^(?:\[[0-9a-f:.]+\]|\d{1,3}(?:\.\d{1,3}){3})$/;

/**
 * Reads a domain name of at least two labels: `acme.example`, `한국.kr`.
 * @returns it in lower-case A-labels (RFC 5890) without a final dot, or undefined where it is none
 */
export function readDomain(text: string): string | undefined {
  const host = text.endsWith('.') ? text.slice(0, -1) : text;
  if (!HOST_CHARACTERS.test(host)) return undefined;
  const name = isAscii(host) ? host.toLowerCase() : (URL.parse(`http://${host}`)?.hostname ?? '');
  const labels = name.split('.');
  const last = labels.at(-1) ?? '';
  if (labels.length < 2 || name.length > 253 || /^\d+$/.test(last)) return undefined;
  return labels.every((label) => LABEL.test(label)) ? name : undefined;
}

/** Reads `user@host` without a scheme, or what follows `mailto:`. */
export function readMailbox(text: string, meaning: 'member-or-uri' | 'member'): Address | undefined {
  const at = text.lastIndexOf('@');
  const localPart = text.slice(0, at);
  const domain = readDomain(text.slice(at + 1));
  if (domain === undefined || localPart.length > 64 || !LOCAL_PART.test(localPart)) return undefined;
  const address = `${localPart}@${domain}`;
  return meaning === 'member'
    ? { kind: 'email', address, meaning }
    : { kind: 'email', address, meaning, uri: `sip:${escapeUser(localPart)}@${domain}` };
}

/** Takes a SIP URI apart; undefined where the text is none. */
export function readSipUri(text: string): SipParts | undefined {
  const [, scheme = '', typedUser = '', typedHost = '', tail = ''] = SIP_URI.exec(text) ?? [];
  const lower = typedHost.toLowerCase();
  const host = IP_ADDRESS.test(lower) || lower === 'localhost' ? lower : readDomain(typedHost);
  const user = unescapePercent(typedUser);
  if (host === undefined || user === undefined) return undefined;
  return { scheme: scheme.toLowerCase() === 'sips' ? 'sips' : 'sip', user, host, tail };
}

/** The address a SIP URI names: a person's where it has a user, else a domain's. */
export function addressOfUri({ scheme, user, host, tail }: SipParts): Address {
  if (user === '') return { kind: 'domain', domain: host, uri: `${scheme}:${host}${tail}` };
  const uri = `${scheme}:${escapeUser(user)}@${host}${tail}`;
  return { kind: 'email', address: `${user}@${host}`, meaning: 'uri', uri };
}

/** Undoes percent-escapes once (RFC 3986 §2.1); undefined where one is malformed. */
export function unescapePercent(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Escapes what may not stand in the user part of a SIP URI (RFC 3261 §25.1: unreserved and user-unreserved may). */
function escapeUser(user: string): string {
  return encodeURIComponent(user.toWellFormed()).replace(/%(26|3D|2B|24|2C|3B|3F|2F)/g, (escaped) =>
    decodeURIComponent(escaped),
  );
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7e) return false;
  return true;
}
