import {
  headerValue,
  parseAddress,
  parseUri,
  type SipRequest,
  toTag,
  unescapeUser,
} from '../../../protocols/sip/message/index.ts';
import { DEFAULT_TIMERS } from '../../../protocols/sip/transaction/index.ts';
import type { Timers } from '../../../services/ports/index.ts';
import { type MediaListener, type SoundSource, samplesSource } from '../../media/index.ts';
import type { Account } from '../digest-client.ts';
import type { IncomingRequest, SipEndpoint } from '../endpoint/index.ts';
import { type Flow, type LocalAddress, sameFarEnd, type TransportName } from '../network/index.ts';
import { type RegistrationEvent, RegistrationRunner } from '../registration/index.ts';
import {
  ALLOW,
  type CallEvent,
  type CallSetting,
  type CallStep,
  placeCall,
  receiveCall,
  respond,
  USER_AGENT,
} from './call/index.ts';
import { CallRunner } from './call-runner.ts';
import { type CallMedia, type Party, PhoneCall } from './phone-call.ts';
import { sentenceOfRegistration } from './sentences.ts';
import { readTarget } from './target.ts';

/** Who a phone is. */
export type PhoneIdentity = {
  /** The user part of its address, unescaped. */
  readonly user: string;
  readonly displayName?: string;
  readonly account?: Account;
  readonly transport: TransportName;
  /** Where it registers and what it dials through; without, only URIs can be called. */
  readonly server?: { readonly domain: string; readonly flow: Flow };
  readonly expiresSeconds: number;
  readonly answers: 'by-itself' | 'when-told';
};

/** What a phone stands on. */
export type PhoneSurroundings = {
  readonly endpoint: SipEndpoint;
  readonly timers: Timers;
  localAddress(flow: Pick<Flow, 'transport' | 'address'>): LocalAddress;
  /** Opens one end of the sound of a call; rejects where no port is free. */
  openMedia(address: string, listener: MediaListener): Promise<CallMedia>;
  /** 0 ≤ n < 1 */
  random(): number;
  /** Closes the sockets. */
  close(): Promise<void>;
};

/** What happens to a phone as a whole. */
export type PhoneEvent =
  | RegistrationEvent
  | { readonly kind: 'incoming'; readonly call: PhoneCall }
  | { readonly kind: 'call'; readonly call: PhoneCall; readonly event: CallEvent };

export type RegisterOutcome =
  | { readonly ok: true; readonly expiresSeconds: number }
  | { readonly ok: false; readonly status: number; readonly detail: string };

/** A call until its last message is answered, which is after the user has seen it end. */
type LiveCall = { readonly runner: CallRunner; readonly forgotten: Promise<void> };

/** How long `close` waits for the answers to BYE and REGISTER. */
const CLOSE_PATIENCE_MS = 2_000;

const SESSION_TIMERS = { intervalSeconds: 1_800, minSeconds: 90 };

/** A SIP phone: it registers, calls, is called, and hears. One call is taken at a time; more may be placed. */
export class Phone {
  readonly #who: PhoneIdentity;
  readonly #around: PhoneSurroundings;
  readonly #calls = new Map<PhoneCall, LiveCall>();
  readonly #listeners = new Set<(event: PhoneEvent) => void>();
  readonly #registration: RegistrationRunner | undefined;
  #current: PhoneCall | undefined;
  #sound: Int16Array | (() => SoundSource) = new Int16Array(0);

  constructor(who: PhoneIdentity, around: PhoneSurroundings) {
    this.#who = who;
    this.#around = around;
    this.#registration = this.#newRegistration();
    around.endpoint.start({
      onRequest: (incoming) => this.#receive(incoming),
      onAck: (ack) => void [...this.#calls.values()].some(({ runner }) => runner.receiveAck(ack)),
      onClosed: (flow) => {
        if (who.server !== undefined && sameFarEnd(flow, who.server.flow))
          this.#registration?.input({ kind: 'connection-closed' });
      },
    });
  }

  /** Where the phone can be called without a server: `sip:user@127.0.0.1:23010`. */
  get uri(): string {
    const near = this.#who.server?.flow ?? { transport: this.#who.transport, address: '127.0.0.1' };
    return this.#contactFor(near).slice(1, -1);
  }

  /** The call that was placed or taken last; undefined before the first. */
  get current(): PhoneCall | undefined {
    return this.#current;
  }

  /** Hears of everything that happens from now on. @returns what takes the listener back */
  on(listener: (event: PhoneEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Registers, and stays registered until `close`. Resolves with the first outcome; a refusal is not tried again. */
  register(): Promise<RegisterOutcome> {
    const registration = this.#registration;
    if (registration === undefined)
      return Promise.resolve({ ok: false, status: 503, detail: 'There is no server to register with.' });
    const { promise, resolve } = Promise.withResolvers<RegisterOutcome>();
    const stop = this.on((event) => {
      if (event.kind === 'registered') resolve({ ok: true, expiresSeconds: event.expiresSeconds });
      else if (event.kind === 'registration-refused') {
        const detail = sentenceOfRegistration(event.status, event.isWrongPassword);
        resolve({ ok: false, status: event.status, detail });
      } else return;
      stop();
    });
    registration.input({ kind: 'register' });
    return promise;
  }

  /**
   * Calls whatever a person typed: a number of any kind, an e-mail address, a domain, a SIP URI. The call says itself
   * what comes of it (`answered`, `ended`).
   */
  call(typed: string): PhoneCall {
    const target = readTarget(typed, this.#who.server?.domain);
    const call = new PhoneCall('outgoing', { uri: target.ok ? target.uri : typed });
    this.#begin(call);
    if (target.ok) void this.#place(call, target.uri);
    else this.#tell(call, { kind: 'ended', ending: { by: 'us', wasAnswered: false, status: 484 } });
    return call;
  }

  /** Sends the other side of a call to whatever was typed (blind transfer). @returns a sentence where it cannot be dialled */
  transfer(call: PhoneCall, typed: string): string | undefined {
    const target = readTarget(typed, this.#who.server?.domain);
    if (!target.ok) return target.detail;
    call.transferTo(target.uri);
    return undefined;
  }

  /** What the phone says in every call, from its beginning: samples, or a new source for each. */
  play(sound: Int16Array | (() => SoundSource)): void {
    this.#sound = sound;
    if (this.#current !== undefined && this.#current.state !== 'ended') this.#current.play(this.#newSource());
  }

  /** What was heard in the current call. */
  heard(): Int16Array {
    return this.#current?.heard() ?? new Int16Array(0);
  }

  /** Presses keys in the current call. @returns whether the other side can hear them */
  press(digits: string): boolean {
    return this.#current?.press(digits) ?? false;
  }

  answer(): void {
    this.#current?.answer();
  }

  hangUp(): void {
    this.#current?.hangUp();
  }

  /** Ends all calls, unregisters, and closes the sockets; waits at most two seconds for the others' consent. */
  async close(): Promise<void> {
    const ends = [...this.#calls].map(([call, { forgotten }]) => {
      call.hangUp();
      return forgotten;
    });
    const registration = this.#registration;
    if (registration !== undefined && registration.state !== 'off') {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.on((event) => event.kind === 'unregistered' && resolve());
      registration.input({ kind: 'unregister' });
      ends.push(promise);
    }
    const { promise: patience, resolve: giveUp } = Promise.withResolvers<void>();
    const stop = this.#around.timers.start(CLOSE_PATIENCE_MS, giveUp);
    await Promise.race([Promise.all(ends), patience]);
    stop();
    for (const call of this.#calls.keys()) {
      const ending = { by: 'us', wasAnswered: call.state === 'talking', status: 408 } as const;
      if (call.state !== 'ended') this.#tell(call, { kind: 'ended', ending });
    }
    await this.#around.close();
  }

  async #place(call: PhoneCall, uri: string): Promise<void> {
    const flow = this.#flowOf(uri);
    if (flow === undefined) {
      this.#tell(call, { kind: 'ended', ending: { by: 'us', wasAnswered: false, status: 503 } });
      return;
    }
    const { endpoint } = this.#around;
    const from = this.#addressOfRecord(flow);
    await this.#start(call, flow, (setting) =>
      placeCall(setting, { target: uri, from, callId: endpoint.newCallId() }),
    );
  }

  #receive(incoming: IncomingRequest): void {
    const { request } = incoming;
    const answer = (status: number, headers = [ALLOW]) => {
      const tag = this.#around.endpoint.newTag();
      incoming.respond(respond(request, status, { tag, headers }).response);
    };
    if (toTag(request) !== undefined) {
      if (![...this.#calls.values()].some(({ runner }) => runner.receive(incoming))) answer(481);
    } else if (request.method === 'OPTIONS') {
      answer(200, [ALLOW, { name: 'Accept', value: 'application/sdp' }]);
    } else if (request.method !== 'INVITE') {
      answer(['BYE', 'INFO', 'UPDATE', 'PRACK', 'NOTIFY'].includes(request.method) ? 481 : 405);
    } else if (userOf(request.uri) !== this.#who.user) {
      answer(404);
    } else if (this.#isBusy()) {
      answer(486);
    } else void this.#ring(incoming);
  }

  /** A call whose BYE still waits for its answer is over as far as the user is concerned. */
  #isBusy(): boolean {
    return [...this.#calls.keys(), this.#current].some((call) => (call?.state ?? 'ended') !== 'ended');
  }

  async #ring(incoming: IncomingRequest): Promise<void> {
    const { request, source } = incoming;
    const call = new PhoneCall('incoming', callerOf(request));
    this.#begin(call);
    let isCancelled = false;
    incoming.onCancel = () => {
      isCancelled = true;
    };
    const runner = await this.#start(call, source, (setting) => receiveCall(setting, request), incoming);
    if (runner === undefined) {
      incoming.respond(respond(request, 480, { tag: this.#around.endpoint.newTag() }).response);
      return;
    }
    if (isCancelled) runner.input({ kind: 'cancelled', cancel: request });
    if (runner.call.state !== 'ringing') return;
    this.#say({ kind: 'incoming', call });
    if (this.#who.answers === 'by-itself') call.answer();
  }

  /** Opens the sound of a call and takes its first step. @returns undefined where there is no sound to be had */
  async #start(
    call: PhoneCall,
    flow: Flow,
    firstStep: (setting: CallSetting) => CallStep,
    incoming?: IncomingRequest,
  ): Promise<CallRunner | undefined> {
    const { endpoint, timers, random } = this.#around;
    const { account } = this.#who;
    let media: CallMedia;
    try {
      media = await this.#around.openMedia(this.#around.localAddress(flow).address, {
        onSound: (samples) => call.hear(samples),
        onDigit: (digit) => this.#tell(call, { kind: 'digit', digit }),
      });
    } catch {
      this.#tell(call, { kind: 'ended', ending: { by: 'us', wasAnswered: false, status: 480 } });
      return undefined;
    }
    const { promise: forgotten, resolve: forget } = Promise.withResolvers<void>();
    const runner = new CallRunner({
      endpoint,
      timers,
      account,
      flowOf: (uri) => this.#flowOf(uri),
      connect: (terms) => media.connect(terms),
      tell: (event) => this.#tell(call, event),
      forget: () => {
        media.close();
        this.#calls.delete(call);
        forget();
      },
    });
    this.#calls.set(call, { runner, forgotten });
    call.attach(runner, media);
    const sessionId = Math.floor(random() * 0x7fffffff);
    const setting: CallSetting = {
      contact: this.#contactFor(flow),
      tag: endpoint.newTag(),
      sound: { address: media.address, port: media.port, sessionId },
      sipTimers: DEFAULT_TIMERS,
      sessionTimers: SESSION_TIMERS,
      chance: random(),
    };
    runner.begin(firstStep(setting), incoming);
    if (call.isUnwanted) call.hangUp();
    return runner;
  }

  #begin(call: PhoneCall): void {
    this.#current = call;
    call.play(this.#newSource());
  }

  #newSource(): SoundSource {
    return typeof this.#sound === 'function' ? this.#sound() : samplesSource(this.#sound);
  }

  /** A literal address is sent to directly; a name, our own domain first, is the server's to find. */
  #flowOf(uri: string): Flow | undefined {
    const read = parseUri(uri);
    if (!read.ok) return undefined;
    const { host, port, params } = read.value;
    const server = this.#who.server;
    const isLiteral = host.includes(':') || /^[\d.]+$/.test(host);
    const isOurDomain =
      server !== undefined && `${host}${port === undefined ? '' : `:${port}`}` === server.domain;
    if (!isLiteral || isOurDomain) return server?.flow;
    const named = params.get('transport')?.toLowerCase();
    const transport = named === 'udp' || named === 'tcp' ? named : this.#who.transport;
    return { transport, address: host, port: port ?? 5060 };
  }

  #contactFor(flow: Pick<Flow, 'transport' | 'address'>): string {
    return this.#around.endpoint.contact(flow as Flow, encodeURIComponent(this.#who.user));
  }

  /** The From and To value of the phone: at its server's domain, or at its own address. */
  #addressOfRecord(flow: Flow): string {
    const { user, displayName, server } = this.#who;
    const name = displayName === undefined ? '' : `"${displayName.replaceAll(/["\\]/g, '\\$&')}" `;
    const own = this.#contactFor(flow);
    return `${name}${server === undefined ? own : `<sip:${encodeURIComponent(user)}@${server.domain}>`}`;
  }

  #newRegistration(): RegistrationRunner | undefined {
    const { server, account, expiresSeconds } = this.#who;
    if (server === undefined) return undefined;
    const { endpoint, timers } = this.#around;
    const around = {
      endpoint,
      timers,
      account,
      server: server.flow,
      tell: (event: RegistrationEvent) => this.#say(event),
    };
    const setting = {
      registrar: `sip:${server.domain}`,
      aor: this.#addressOfRecord(server.flow),
      tag: endpoint.newTag(),
      callId: endpoint.newCallId(),
      contact: this.#contactFor(server.flow),
      userAgent: USER_AGENT.value,
    };
    return new RegistrationRunner(around, setting, expiresSeconds);
  }

  #tell(call: PhoneCall, event: CallEvent): void {
    call.tell(event);
    this.#say({ kind: 'call', call, event });
  }

  #say(event: PhoneEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function userOf(uri: string): string | undefined {
  const read = parseUri(uri);
  return read.ok && read.value.user !== undefined ? unescapeUser(read.value.user) : undefined;
}

function callerOf(request: SipRequest): Party {
  const from = parseAddress(headerValue(request, 'From') ?? '');
  if (!from.ok) return { uri: 'sip:anonymous@anonymous.invalid' };
  const { uri, displayName } = from.value;
  return displayName === undefined ? { uri } : { uri, name: displayName };
}
