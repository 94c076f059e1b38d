import type { Outcome } from '../../../domain/exchange/call/index.ts';
import type { Language } from '../../../domain/members/index.ts';
import { type AnnouncementWish, announcementFor, type Speech } from '../../../domain/voice/index.ts';
import type { Dialog } from '../../../protocols/sip/dialog/index.ts';
import { responseTo, type SipRequest } from '../../../protocols/sip/message/index.ts';
import { reliabilityOf } from '../../../protocols/sip/session/index.ts';
import type { VoiceSession, Voices } from '../../media/index.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import type { ExchangeContext } from './context.ts';
import { describing } from './leg-session.ts';

/** The voice of the exchange, where it has one. */
export type VoiceContext = {
  readonly voices: Pick<Voices, 'openVoice'>;
  /** When refusals are spoken. */
  readonly wish: AnnouncementWish;
};

/** Who hears a refusal, and in which language. */
export type Hearer = { readonly listener: 'phone' | 'trunk'; readonly language: Language };

const SDP = 'application/sdp';

/** What a refused caller is told before the refusal; nothing where that says it by itself (ADR 0350). */
export function refusalSpeech(
  { voice }: ExchangeContext,
  outcome: Outcome,
  { listener }: Hearer,
): Speech | undefined {
  const id = voice === undefined ? undefined : announcementFor(outcome, listener, voice.wish);
  return id === undefined ? undefined : [id];
}

/**
 * Whether a caller can be told something before its call is answered: it has made an offer, and does not insist on
 * responses that it acknowledges (RFC 3262 §3).
 */
export function hearsEarly(invite: SipRequest): boolean {
  return invite.body.length > 0 && reliabilityOf(invite) !== 'required';
}

/**
 * Tells a caller something as early media (RFC 3960 §4), free of charge, before its call goes on or is refused.
 * @param tag names the early dialog in which that is said
 * @param onSaid called once, also where nothing could be said: then at once, or when that is known
 * @returns what ends it before; false where it had ended already. It is silent then, and nothing is called any more
 */
export function speakEarly(
  context: ExchangeContext,
  { incoming, dialog }: { readonly incoming: IncomingRequest; readonly dialog: Dialog },
  { speech, language, tag }: { readonly speech: Speech; readonly language: Language; readonly tag: string },
  onSaid: () => void,
): () => boolean {
  let isOver = false;
  let session: VoiceSession | undefined;
  const end = () => {
    if (isOver) return false;
    isOver = true;
    session?.close();
    return true;
  };
  const endSaid = () => {
    if (end()) onSaid();
  };
  const { request, source } = incoming;
  const speak = async () => {
    session = await context.voice?.voices.openVoice({ language, signalledFrom: source.address });
    const answer = isOver ? undefined : session?.answer(request.body);
    if (session === undefined || answer === undefined) {
      session?.close();
      endSaid();
      return;
    }
    const { headers, body } = describing({
      contentType: SDP,
      body: Buffer.from(answer).toString('latin1'),
    });
    const told = responseTo(request, 183, undefined, tag);
    const contact = { name: 'Contact', value: dialog.localContact };
    incoming.respond({
      ...told,
      headers: [...told.headers, contact, ...(headers ?? [])],
      body: body ?? answer,
    });
    session.play(speech, endSaid);
  };
  void speak();
  return end;
}
