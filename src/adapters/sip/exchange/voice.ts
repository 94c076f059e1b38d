import type { Outcome } from '../../../domain/exchange/call/index.ts';
import type { Language } from '../../../domain/members/index.ts';
import { type AnnouncementWish, announcementFor, type Speech } from '../../../domain/voice/index.ts';
import type { Dialog } from '../../../protocols/sip/dialog/index.ts';
import { responseTo } from '../../../protocols/sip/message/index.ts';
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
 * Tells a caller something as early media (RFC 3960 §4), free of charge, and then goes on to the refusal. A caller
 * who hangs up hears no more; where nothing can be said, the refusal comes at once.
 * @param goOn called once; with true where the caller gave up meanwhile
 */
export async function speakEarly(
  context: ExchangeContext,
  { incoming, dialog }: { readonly incoming: IncomingRequest; readonly dialog: Dialog },
  { speech, language, tag }: { readonly speech: Speech; readonly language: Language; readonly tag: string },
  goOn: (gaveUp: boolean) => void,
): Promise<void> {
  let isOver = false;
  let session: VoiceSession | undefined;
  const end = (gaveUp: boolean) => {
    if (isOver) return;
    isOver = true;
    session?.close();
    goOn(gaveUp);
  };
  incoming.onCancel = () => end(true);
  const { request, source } = incoming;
  session = await context.voice?.voices.openVoice({ language, signalledFrom: source.address });
  const answer = isOver ? undefined : session?.answer(request.body);
  if (session === undefined || answer === undefined) {
    session?.close();
    end(false);
    return;
  }
  const { headers, body } = describing({ contentType: SDP, body: Buffer.from(answer).toString('latin1') });
  const told = responseTo(request, 183, undefined, tag);
  const contact = { name: 'Contact', value: dialog.localContact };
  incoming.respond({
    ...told,
    headers: [...told.headers, contact, ...(headers ?? [])],
    body: body ?? answer,
  });
  session.play(speech, () => end(false));
}
