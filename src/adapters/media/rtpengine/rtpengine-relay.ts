import { accept, type Result, refuse } from '../../../domain/refusal/index.ts';
import {
  parseSession,
  printSession,
  type RelayableSession,
  relayedSession,
} from '../../../protocols/sdp/index.ts';
import type { MediaRelay, RelaySide, RelayStatistics } from '../../../services/ports/index.ts';
import { isBehindNat, Negotiation, otherSide, RELAY_CLOSED, ViewedSession } from '../relay/index.ts';
import type { Encodable } from './bencode.ts';
import type { Control, Reply } from './control.ts';
import { NOTHING_RELAYED, statisticsOf } from './statistics.ts';

export type RtpengineRelayOptions = {
  readonly control: Control;
  /** Nobody else's. */
  readonly callId: string;
  readonly signalledFrom: Readonly<Partial<Record<RelaySide, string>>>;
  /** An address of the family that the daemon relays in. */
  readonly address: string;
  readonly nowMs: () => number;
  /** Waits for a place where the daemon is still busy with calls that have ended. */
  readonly whenThereIsRoom: () => Promise<void>;
  readonly onClosed: (deleted: Promise<unknown>) => void;
};

/**
 * One call's relay in rtpengine. What a side is shown is written here, as it is for the relay of this process: the
 * daemon reads descriptions to which nothing is left but one plain medium, and is asked for its address and port only.
 */
export class RtpengineRelay implements MediaRelay {
  readonly #options: RtpengineRelayOptions;
  readonly #negotiation: Negotiation;
  readonly #views = { caller: new ViewedSession(), callee: new ViewedSession() };
  /** Where each side wanted its sound when it last wanted any. */
  readonly #wanted: Partial<Record<RelaySide, NonNullable<RelayableSession['wanted']>>> = {};
  #known: RelayStatistics = NOTHING_RELAYED;
  #heardMs: number;
  #deleted: Promise<RelayStatistics> | undefined;

  constructor(options: RtpengineRelayOptions) {
    this.#options = options;
    this.#negotiation = new Negotiation(options.address);
    this.#heardMs = options.nowMs();
  }

  async offer(from: RelaySide, sdp: string): Promise<Result<string>> {
    await this.#options.whenThereIsRoom();
    if (this.#deleted !== undefined) return RELAY_CLOSED;
    const read = this.#negotiation.readOffer(sdp);
    if (!read.ok) return read;
    const shown = await this.#show(from, read.value, {
      command: 'offer',
      'from-tag': from,
      ...(this.#negotiation.agreed === undefined ? {} : { 'to-tag': otherSide(from) }),
    });
    if (shown.ok) this.#negotiation.offer(from, read.value);
    return shown;
  }

  async answer(from: RelaySide, sdp: string): Promise<Result<string>> {
    if (this.#deleted !== undefined) return RELAY_CLOSED;
    const read = this.#negotiation.readAnswer(from, sdp);
    if (!read.ok) return read;
    const tags = { 'from-tag': otherSide(from), 'to-tag': from };
    const shown = await this.#show(from, read.value, { command: 'answer', ...tags });
    if (!shown.ok) return shown;
    this.#negotiation.answer(from, read.value);
    this.#heardMs = this.#options.nowMs();
    return shown;
  }

  /** The daemon of Debian plays nothing into a call that it does not decode. */
  beep(): void {}

  /** As they are now; where the daemon does not say, as they were known last. */
  async statistics(): Promise<RelayStatistics> {
    if (this.#deleted !== undefined) return this.#deleted;
    const reply = await this.#options.control.ask({ command: 'query', 'call-id': this.#options.callId });
    return reply.ok ? this.#learn(reply.value) : this.#known;
  }

  /**
   * Asks whether anybody was heard.
   * @returns for how many milliseconds neither side was; 0 where nothing has to be heard: before an answer, on hold
   */
  async silentMs(): Promise<number> {
    if (this.#negotiation.agreed === undefined || this.#negotiation.isOnHold) return 0;
    await this.statistics();
    // It may have been held, or have ended, in the meantime.
    if (this.#negotiation.isOnHold || this.#deleted !== undefined) return 0;
    return this.#options.nowMs() - this.#heardMs;
  }

  close(): void {
    if (this.#deleted !== undefined) return;
    const { control, callId, onClosed } = this.#options;
    // A delete of the whole call says nothing of it, and one of a side leaves a call that had no answer.
    this.#deleted = this.statistics().then(async (known) => {
      await control.ask({ command: 'delete', 'call-id': callId, 'delete-delay': 0 });
      return known;
    });
    onClosed(this.#deleted);
  }

  #learn(reply: Reply): RelayStatistics {
    const before = this.#known;
    this.#known = statisticsOf(reply);
    const heard = ({ fromCaller, fromCallee }: RelayStatistics) => fromCaller.packets + fromCallee.packets;
    if (heard(this.#known) !== heard(before)) this.#heardMs = this.#options.nowMs();
    return this.#known;
  }

  async #show(
    from: RelaySide,
    described: RelayableSession,
    command: { readonly [key: string]: Encodable },
  ): Promise<Result<string>> {
    const { control, callId, signalledFrom } = this.#options;
    const wanted = described.wanted ?? this.#wanted[from];
    if (described.wanted !== undefined) this.#wanted[from] = described.wanted;
    const sdp = plainly(described, wanted ?? { address: NOWHERE, port: 9, rtcpPort: 10 });
    const source = signalledFrom[from];
    const isHidden = wanted !== undefined && source !== undefined && isBehindNat(wanted.address, source);
    const reply = await control.ask({
      ...command,
      'call-id': callId,
      sdp,
      ICE: 'remove',
      'rtcp-mux': ['demux'],
      ...(source === undefined ? {} : { 'received-from': [source.includes(':') ? 'IP6' : 'IP4', source] }),
      flags: ['strict-source', isHidden ? 'SIP-source-address' : 'asymmetric'],
    });
    return reply.ok ? this.#shownBy(reply.value, from, described) : reply;
  }

  /** What the other side is shown, with the place that the daemon's description names. */
  #shownBy(reply: Reply, from: RelaySide, described: RelayableSession): Result<string> {
    const session = parseSession(String(reply.get('sdp') ?? ''));
    const media = session.ok ? session.value.media[described.index] : undefined;
    const address = session.ok ? (media?.connection ?? session.value.connection)?.address : undefined;
    if (media === undefined || address === undefined)
      return refuse('media-not-relayed', 'The media relay gave no place for the sound.');
    return accept(this.#views[otherSide(from)].show(described, { address, port: media.port }));
  }
}

const NOWHERE = '0.0.0.0';

/** The description with nothing in it but the relayed medium, at the place where its side wants it. */
function plainly(described: RelayableSession, wanted: NonNullable<RelayableSession['wanted']>): string {
  const plain = relayedSession(described, wanted, { username: '-', sessionId: '1', version: '1' });
  const media = plain.media.map((each, index) =>
    index === described.index && each.port !== 0 && wanted.rtcpPort !== 0
      ? { ...each, attributes: [...each.attributes, { name: 'rtcp', value: String(wanted.rtcpPort) }] }
      : each,
  );
  return printSession({ ...plain, media });
}
