/** Event codes of RFC 4733 §3.2 beyond the digits, which some phones write in INFO in the place of the key. */
const CODES: Readonly<Record<string, string>> = {
  '10': '*',
  '11': '#',
  '12': 'A',
  '13': 'B',
  '14': 'C',
  '15': 'D',
};

/** A body is hardly ever longer than `Signal=5`, `Duration=160` and their line ends. */
const LONGEST_BODY = 200;

/**
 * The key in the body of a SIP INFO request, as phones without RTP events send it: `application/dtmf-relay` with
 * `Signal=5`, or `application/dtmf` with the key alone. No RFC describes it.
 * @returns one of `0123456789*#ABCD`; undefined where the body holds none
 */
export function keyInInfo(contentType: string, body: Uint8Array): string | undefined {
  if (body.length > LONGEST_BODY) return undefined;
  const text = new TextDecoder().decode(body);
  const [type = ''] = contentType.toLowerCase().split(';');
  const written =
    type.trim() === 'application/dtmf-relay'
      ? /^\s*signal\s*=\s*(\S+)\s*$/im.exec(text)?.[1]
      : type.trim() === 'application/dtmf'
        ? text.trim()
        : undefined;
  const key = CODES[written ?? ''] ?? written?.toUpperCase();
  return key !== undefined && /^[0-9*#A-D]$/.test(key) ? key : undefined;
}
