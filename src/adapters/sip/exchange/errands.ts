import type { CallFacts } from '../../../domain/exchange/call/index.ts';
import { LANGUAGES, type Language } from '../../../domain/members/index.ts';
import {
  callId,
  type HeaderField,
  headerValue,
  type SipRequest,
} from '../../../protocols/sip/message/index.ts';
import type { Connection, ErrandOffer } from '../../../services/connect-call.ts';
import type { ProcessSignatures } from '../../../services/ports/index.ts';
import type { Errand } from '../../../services/ring.ts';

/** The header by which one process of ours asks another to go on with a call, and proves to be one of us. */
const HEADER = 'Omnidial-Errand';

/** What one process says to another of a call; `sipCallId` binds it to the one request. */
type Said = {
  readonly sipCallId: string;
  readonly errand: Errand;
  readonly call: Pick<CallFacts, 'id' | 'dialled' | 'startedAtMs'> & Partial<CallFacts>;
  readonly callerUser: string;
  readonly language: Language;
};

/** Longer than any errand. */
const MOST_CHARACTERS = 4_000;

export function errandHeader(
  signatures: ProcessSignatures,
  sipCallId: string,
  errand: Errand,
  { facts, callerUser, language }: Pick<Connection, 'facts' | 'callerUser' | 'language'>,
): HeaderField {
  const said: Said = { sipCallId, errand, call: facts, callerUser, language };
  const text = Buffer.from(JSON.stringify(said)).toString('base64url');
  return { name: HEADER, value: `${text};${signatures.sign(text)}` };
}

/** The errand of a request, where a process of ours has signed it just now for this very request. */
export function errandOf(signatures: ProcessSignatures, request: SipRequest): ErrandOffer | undefined {
  const value = headerValue(request, HEADER);
  if (value === undefined || value.length > MOST_CHARACTERS) return undefined;
  const [text = '', ...signature] = value.split(';');
  if (!signatures.verify(text, signature.join(';'))) return undefined;
  // Only what a process of ours has written is read, and so has this form.
  const said = JSON.parse(Buffer.from(text, 'base64url').toString()) as Said;
  if (said.sipCallId !== callId(request) || !LANGUAGES.includes(said.language)) return undefined;
  const { errand, call, callerUser, language } = said;
  return { errand, facts: call, callerUser, language };
}

/** Whether a request claims to be an errand. */
export function claimsErrand(request: SipRequest): boolean {
  return headerValue(request, HEADER) !== undefined;
}
