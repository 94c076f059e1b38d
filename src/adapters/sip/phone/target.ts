import { parseUri } from '../../../protocols/sip/message/index.ts';

/** Where a call goes, or why it cannot go anywhere, as a sentence. */
export type Target =
  | { readonly ok: true; readonly uri: string }
  | { readonly ok: false; readonly detail: string };

/** A number with what people write between its digits. */
const NUMBER = /^\+?[\d\s\-.()/#*]+$/;
const SEPARATORS = /[\s\-.()/]/g;

/**
 * Reads what a person typed to be called. What it means is the exchange's to decide: here it only becomes the
 * user part of a SIP URI, `6200-6200#082` → `sip:62006200%23082@server`, `alice@acme.example` →
 * `sip:alice%40acme.example@server`. What begins with `sip:` is a URI already.
 * @param domain the host and port after the `@`; undefined without a server, where only URIs can be called
 */
export function readTarget(typed: string, domain: string | undefined): Target {
  // Full-width digits and ＃ come from Asian input methods.
  const text = typed.normalize('NFKC').trim();
  if (text === '') return { ok: false, detail: 'There is nothing to dial.' };
  if (/^sips?:/i.test(text)) {
    const uri = parseUri(text);
    return uri.ok ? { ok: true, uri: text } : { ok: false, detail: `${text}: ${uri.problem.detail}` };
  }
  if (domain === undefined) {
    return { ok: false, detail: 'Without a server only a URI such as sip:bob@192.0.2.7 can be called.' };
  }
  const user = NUMBER.test(text) ? text.replaceAll(SEPARATORS, '') : text;
  if (user === '') return { ok: false, detail: `${text} has no digit to dial.` };
  const escaped = encodeURIComponent(user).replaceAll('%2B', '+');
  return { ok: true, uri: `sip:${escaped}@${domain}` };
}
