import { randomBytes } from 'node:crypto';
import type { VoiceSession, Voices } from '../../../src/adapters/media/index.ts';
import { type IncomingRequest, SipEndpoint } from '../../../src/adapters/sip/endpoint/index.ts';
import { openNetwork } from '../../../src/adapters/sip/network/index.ts';
import { responseTo } from '../../../src/protocols/sip/message/index.ts';

/** One call at the desk. */
export type DeskCall = { readonly voice: VoiceSession; digits: string; isOver: boolean };

export type DeskOptions = {
  readonly voices: Voices;
  readonly port: number;
  /** Speaks before the call is answered and refuses it with this status, or answers it. */
  readonly refusesWith?: number;
  /** What is done with each call once sound may be sent. */
  readonly onCall: (call: DeskCall, refuse: () => void) => void;
};

const TYPE = { name: 'Content-Type', value: 'application/sdp' };

/** Takes calls from phones without a service between them, and gives each a voice. */
export class VoiceDesk {
  readonly #options: DeskOptions;
  readonly #endpoint: SipEndpoint;
  readonly #network: Awaited<ReturnType<typeof openNetwork>>;
  readonly #calls = new Map<string, DeskCall>();

  static async open(options: DeskOptions): Promise<VoiceDesk> {
    const listen = [{ transport: 'udp', address: '127.0.0.1', port: options.port }] as const;
    return new VoiceDesk(options, await openNetwork({ listen }));
  }

  private constructor(options: DeskOptions, network: Awaited<ReturnType<typeof openNetwork>>) {
    this.#options = options;
    this.#network = network;
    const timers = {
      start(afterMs: number, run: () => void) {
        const timer = setTimeout(run, afterMs).unref();
        return () => clearTimeout(timer);
      },
    };
    this.#endpoint = new SipEndpoint({ network, timers, newToken: () => randomBytes(9).toString('hex') });
    this.#endpoint.start({
      onRequest: (incoming) => void this.#receive(incoming),
      onAck: () => {},
      onClosed: () => {},
    });
  }

  async close(): Promise<void> {
    this.#options.voices.close();
    await this.#network.close();
  }

  async #receive(incoming: IncomingRequest): Promise<void> {
    const { request, source } = incoming;
    const callId = request.headers.find(({ name }) => name === 'Call-ID')?.value ?? '';
    const known = this.#calls.get(callId);
    const tag = `desk${callId.length}`;
    const respond = (status: number, body?: Uint8Array) => {
      const response = responseTo(request, status, undefined, tag);
      const contact = { name: 'Contact', value: this.#endpoint.contact(source, 'desk') };
      const headers = [...response.headers, contact, ...(body === undefined ? [] : [TYPE])];
      incoming.respond({ ...response, headers, body: body ?? response.body });
    };
    if (request.method === 'BYE' && known !== undefined) {
      known.voice.close();
      known.isOver = true;
      respond(200);
    } else if (request.method !== 'INVITE') respond(405);
    else if (known !== undefined) respond(200, known.voice.answer(request.body));
    else await this.#begin(callId, request.body, respond);
  }

  async #begin(callId: string, offer: Uint8Array, respond: (status: number, body?: Uint8Array) => void) {
    const { voices, refusesWith, onCall } = this.#options;
    const onDigit = (digit: string) => {
      call.digits += digit;
    };
    const voice = await voices.openVoice({ language: 'ko', onDigit });
    const answer = voice?.answer(offer);
    if (voice === undefined || answer === undefined) {
      respond(488);
      return;
    }
    const call: DeskCall = { voice, digits: '', isOver: false };
    this.#calls.set(callId, call);
    respond(refusesWith === undefined ? 200 : 183, answer);
    onCall(call, () => {
      voice.close();
      respond(refusesWith ?? 480);
    });
  }
}
