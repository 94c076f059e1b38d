import {
  cseq,
  headerValue,
  malformed,
  type Parsed,
  parsed,
  type SipMessage,
  type SipResponse,
} from '../message/index.ts';

/** What a PRACK acknowledges: the RSeq of a provisional response, and the CSeq of its request (RFC 3262 §7.2). */
export type Rack = { readonly rseq: number; readonly cseq: number; readonly method: string };

/** The largest RSeq: the field has 32 bits, and values do not wrap around (RFC 3262 §3). */
const LARGEST_RSEQ = 2 ** 32 - 1;

const RACK = /^(\d{1,10})\s+(\d{1,10})\s+(\S+)$/;

/** Reads the RAck of a PRACK; a PRACK without one, or with a malformed one, is a 400. */
export function rackOf(prack: SipMessage): Parsed<Rack> {
  const match = RACK.exec(headerValue(prack, 'RAck') ?? '');
  if (match === null) return malformed('The PRACK has no well-formed RAck.');
  return parsed({ rseq: Number(match[1]), cseq: Number(match[2]), method: match[3] ?? '' });
}

/** The RAck value that acknowledges a reliable provisional response. */
export function rackFor(response: SipResponse): string {
  const { number, method } = cseq(response);
  return `${rseqOf(response) ?? 0} ${number} ${method}`;
}

/** The RSeq of a reliable provisional response; undefined where it has none, or one that is out of range. */
export function rseqOf(response: SipResponse): number | undefined {
  const value = headerValue(response, 'RSeq');
  if (value === undefined || !/^\d{1,10}$/.test(value)) return undefined;
  const rseq = Number(value);
  return rseq >= 1 && rseq <= LARGEST_RSEQ ? rseq : undefined;
}
