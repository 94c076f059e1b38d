import { createHmac } from 'node:crypto';
import { type IncomingRequest, SipEndpoint } from '../../../src/adapters/sip/endpoint/index.ts';
import {
  type Authenticate,
  claimsErrand,
  errandOf,
  LegTable,
  type OutwardLine,
  SipExchange,
} from '../../../src/adapters/sip/exchange/index.ts';
import type { Flow } from '../../../src/adapters/sip/network/index.ts';
import type { Call } from '../../../src/domain/exchange/call/index.ts';
import { accept, refuse } from '../../../src/domain/refusal/index.ts';
import type { AnnouncementWish } from '../../../src/domain/voice/index.ts';
import {
  headerValue,
  parseAddress,
  parseMessage,
  responseTo,
  withHeader,
} from '../../../src/protocols/sip/message/index.ts';
import { DEFAULT_TIMERS } from '../../../src/protocols/sip/transaction/index.ts';
import type { Caller } from '../../../src/services/caller.ts';
import type { CallOffer, Connection, ErrandOffer } from '../../../src/services/connect-call.ts';
import type { CodeCaller, ProcessSignatures } from '../../../src/services/ports/index.ts';
import type { Ring, RingBranch } from '../../../src/services/ring.ts';
import { MemoryNetwork } from '../memory-network.ts';
import { trunkOf } from '../network-parts.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { FakeRelays } from './fake-relays.ts';
import { FakeVoices } from './fake-voices.ts';
import type { FlowCharging } from './flow-charging.ts';
import { LivingPhone } from './living-phone.ts';
import { type PhoneOptions, TestPhone } from './test-phone.ts';

/** The networks of the documentation (RFC 5737, RFC 3849). */
const NETWORKS = { ipv4: '192.0.2.', ipv6: '2001:db8::' };

/** Numbers of this world: each rings the phones of these names. */
export type Numbers = Readonly<Record<string, readonly string[]>>;

export type CallWorldOptions = {
  /** Numbers that lead out, each to gateways of these names, of which the next is asked where one fails. */
  readonly carriers?: Numbers;
  /** How many calls each gateway takes at once. */
  readonly channels?: number;
  readonly intervalSeconds?: number;
  readonly family?: keyof typeof NETWORKS;
  /** All sound goes through a relay, which answers at once or after so many milliseconds. */
  readonly relay?: 'at-once' | number;
  /** The exchange has a voice, which tells those who are refused why where it says so. */
  readonly voice?: AnnouncementWish;
  /** Numbers that ring members' own telephones of the PSTN, by gateways as of `carriers`, beside what rings anyway. */
  readonly telephones?: Numbers;
  /** Another process of the service, in the same network. */
  readonly beside?: CallWorld;
  /** Numbers whose phones are registered there. */
  readonly elsewhere?: Numbers;
  /** Numbers at which the voice asks whom the call is for. */
  readonly accessNumbers?: readonly string[];
  /** What calls by gateways cost: who has them called pays, out of this ledger. */
  readonly charging?: FlowCharging;
};

/**
 * An exchange with phones around it, in memory and on a virtual clock. Who may call and what a number means is
 * given by the test; everything between is real.
 */
export class CallWorld {
  readonly clock: VirtualClock;
  readonly network: MemoryNetwork;
  readonly legs = new LegTable();
  /** How long a record takes to be kept: no time, unless a test says so. */
  whenKept: (onKept: () => void) => void = (onKept) => onKept();
  /** Every state of every call that had to be kept, in order. */
  readonly kept: Call[] = [];
  readonly #phones = new Map<string, TestPhone>();
  readonly #living = new Map<string, LivingPhone>();
  readonly #intervalSeconds: number;
  readonly #numbers: Numbers;
  readonly #carriers: Numbers;
  /** How many channels are taken, by the name of the gateway. */
  readonly taken = new Map<string, number>();
  /** Which gateways were heard, and which were silent, in order. */
  readonly heard: string[] = [];
  readonly endpoint: SipEndpoint;
  readonly exchange: Flow;
  readonly relays: FakeRelays;
  readonly voices: FakeVoices;
  /** How many calls, and what else came from outside, have something left at their caller's side. */
  begun = 0;
  /** Whether what another process asks for has to be looked up first. */
  looksUpErrands = false;
  readonly #beside: CallWorld | undefined;
  readonly #elsewhere: Numbers;
  readonly #telephones: Numbers;
  readonly #accessNumbers: readonly string[];
  readonly #charging: FlowCharging | undefined;
  readonly #prefix: string;
  /** By which the processes of the service know each other. */
  readonly signatures: ProcessSignatures = {
    sign: (text) => `${this.clock.nowMs()}.${hashOf(`${this.clock.nowMs()} ${text}`)}`,
    verify: (text, signature) => {
      const [at = '', hash] = signature.split('.');
      return this.clock.nowMs() - Number(at) < 30_000 && hash === hashOf(`${at} ${text}`);
    },
  };
  readonly codeCaller: CodeCaller | undefined;
  /** Every call that was ever begun. */
  readonly callIds: string[] = [];

  constructor(numbers: Numbers, options: CallWorldOptions = {}) {
    const { intervalSeconds = 1800, family = 'ipv4', carriers = {}, channels = 10 } = options;
    const { relay, voice, telephones = {}, accessNumbers = [] } = options;
    const { beside, elsewhere = {} } = options;
    this.clock = beside?.clock ?? new VirtualClock();
    this.network = beside?.network ?? new MemoryNetwork(this.clock);
    this.#beside = beside;
    this.#elsewhere = elsewhere;
    this.voices = new FakeVoices(this.clock);
    this.#telephones = telephones;
    this.#accessNumbers = accessNumbers;
    this.#charging = options.charging;
    this.relays = new FakeRelays(this.clock, relay === 'at-once' ? undefined : relay);
    this.#prefix = NETWORKS[family];
    this.exchange = {
      transport: 'udp',
      address: `${this.#prefix}${beside === undefined ? 100 : 200}`,
      port: 5060,
    };
    this.#numbers = numbers;
    this.#carriers = carriers;
    this.#intervalSeconds = intervalSeconds;
    let count = 0;
    const timers = { start: (afterMs: number, run: () => void) => this.clock.schedule(afterMs, run) };
    this.endpoint = new SipEndpoint({
      network: this.network.host(this.exchange.address, this.exchange.port),
      timers,
      newToken: () => `${beside === undefined ? 'x' : 'y'}${++count}`,
    });
    const exchange = new SipExchange({
      context: {
        endpoint: this.endpoint,
        clock: { nowMs: () => this.clock.nowMs() },
        timers,
        legs: this.legs,
        random: () => 0.5,
        sessionPolicy: { intervalSeconds, minSeconds: 90 },
        sipTimers: DEFAULT_TIMERS,
        domain: 'omnidial.example',
        servesHost: (host) => host === 'omnidial.example',
        ringTimeoutMs: 60_000,
        ...(relay === undefined ? {} : { media: { relays: this.relays, policy: 'always' } }),
        ...(voice === undefined ? {} : { voice: { voices: this.voices, wish: voice } }),
        lineOf: ({ gateway: { host } }) => this.#lineOf(host, channels),
        onDialog: () => {},
        signatures: this.signatures,
        ...(options.charging === undefined ? {} : { chargeDesk: options.charging.deskFor(timers) }),
      },
      // A phone is believed to be who it says: passwords have tests of their own.
      authenticate: (incoming) => {
        const { request } = incoming;
        if (claimsErrand(request)) return this.#errand(incoming);
        const from = parseAddress(headerValue(request, 'From') ?? '');
        const name = from.ok ? (/^sip:([^@]*)@/.exec(from.value.uri)?.[1] ?? '') : '';
        this.begun += 1;
        const onOver = () => {
          this.begun -= 1;
        };
        return { kind: 'known', caller: this.#callerNamed(name), onOver };
      },
      connect: (offer) => this.#connect(offer),
      connectErrand: (errand) => {
        const connection = this.#connectErrand(errand);
        return this.looksUpErrands ? Promise.resolve(connection) : connection;
      },
      onRegister: (incoming) => incoming.respond(responseTo(incoming.request, 501)),
      onClosed: () => {},
      onKeep: (call, onKept) => {
        this.kept.push(call);
        options.charging?.keep(call, this.clock.nowMs());
        this.whenKept(onKept);
      },
      codeCalls: {
        newCallId: () => this.#newCallId(),
        ways: async ({ value }) => {
          const gateways = this.#carriers[value];
          return gateways === undefined
            ? refuse('verification-call-unavailable', 'No way leads there.')
            : accept(
                gateways.map((name) => {
                  const { way, attempt } = this.#ringOut(name, '', value);
                  return { way, party: attempt.party, asksNextAfter404: true };
                }),
              );
        },
      },
      // Phones whose names begin alike are one member's: `desk`, `desk-2`.
      mayReplace: (one, other) => one.split('-')[1] === other.split('-')[1],
    });
    this.endpoint.start(exchange);
    this.codeCaller = exchange.codeCaller;
  }

  /** A phone of that name; the first is 192.0.2.1. */
  phone(name: string): TestPhone {
    const known = this.#phones.get(name);
    if (known !== undefined) return known;
    const address = `${this.#prefix}${this.#phones.size + (this.#beside === undefined ? 1 : 101)}`;
    const phone = new TestPhone(this.network, this.clock, { name, address, exchange: this.exchange });
    this.#phones.set(name, phone);
    return phone;
  }

  /** A phone of that name and of another kind than the usual ones, which takes the place of one it had. */
  place(name: string, options: Pick<PhoneOptions, 'transport' | 'port'>): TestPhone {
    const address = this.phone(name).flow.address;
    const phone = new TestPhone(this.network, this.clock, {
      name,
      address,
      exchange: this.exchange,
      ...options,
    });
    this.#phones.set(name, phone);
    return phone;
  }

  /** A phone of that name that keeps the rules by itself. */
  living(name: string): LivingPhone {
    const known = this.#living.get(name);
    if (known !== undefined) return known;
    const address = this.phone(name).flow.address;
    const phone = new LivingPhone(this.network, this.clock, {
      name,
      address,
      exchange: this.exchange,
      intervalSeconds: this.#intervalSeconds,
    });
    this.#living.set(name, phone);
    return phone;
  }

  /** Lets time pass: 10 ms unless said otherwise, enough for messages and too short for timers. */
  pass(ms = 10): void {
    this.clock.run(this.clock.nowMs() + ms);
  }

  /** Lets time pass in which also voices are opened, which takes no time of the clock. */
  async passWithVoices(ms = 100): Promise<void> {
    const untilMs = this.clock.nowMs() + ms;
    for (let part = 1; part <= 4; part += 1) {
      this.clock.run(untilMs - ms + (ms * part) / 4);
      await new Promise((opened) => setImmediate(opened));
    }
  }

  /** All that was said since the beginning, a line a message: `alice > exchange  INVITE`. */
  ladder(): string {
    return this.network.packets
      .map(({ from, to, bytes }) => `${this.#nameOf(from)} > ${this.#nameOf(to)} ${summary(bytes)}`)
      .join('\n');
  }

  /** The last record of every call. */
  records(): Call[] {
    return [...new Map(this.kept.map((call) => [call.facts.id, call])).values()];
  }

  #newCallId(): string {
    const id = `call-${this.callIds.length + 1}`;
    this.callIds.push(id);
    return id;
  }

  /** Whoever only claims to be another process is refused. */
  #errand(incoming: IncomingRequest): ReturnType<Authenticate> {
    const errand = errandOf(this.signatures, incoming.request);
    if (errand !== undefined) return { kind: 'errand', errand };
    incoming.respond(responseTo(incoming.request, 403, undefined, 'x'));
    return { kind: 'answered' };
  }

  #connectErrand({ errand, facts, callerUser, language }: ErrandOffer): Connection {
    const terminalId = errand.kind === 'terminal' ? errand.terminalId : '';
    const rings = [this.#ringOf(terminalId.slice(2), facts.id)];
    const route = { ok: true as const, branches: [{ delayMs: 0, rings }] };
    return { facts, callerUser, language, asksNumber: false, marks: [], route };
  }

  /** A phone that another process rings. */
  #ringElsewhere(name: string, callId: string): Ring {
    const terminalId = `t-${name}`;
    const { address, port } = this.#beside?.exchange ?? this.exchange;
    return {
      attempt: { id: `${callId}-${name}`, party: { kind: 'terminal', terminalId, memberId: `m-${name}` } },
      way: {
        kind: 'process',
        processId: 'other',
        hops: [{ transport: 'udp', address, port }],
        errand: { kind: 'terminal', terminalId },
      },
    };
  }

  /** A gateway calls for its trunk; everyone else is a terminal. */
  #callerNamed(name: string): Caller {
    const gateways = [...Object.values(this.#carriers), ...Object.values(this.#telephones)].flat();
    if (!gateways.includes(name)) return { kind: 'terminal', terminalId: `t-${name}` };
    const gateway = { host: name, transport: 'udp' as const, priority: 0, weight: 1 };
    return { kind: 'trunk', trunk: trunkOf(name, { gateways: [gateway], trusted: true }), calling: name };
  }

  #connect({ caller, dialled, marks }: CallOffer): Connection {
    const id = this.#newCallId();
    const callerTerminalId = caller.kind === 'terminal' ? caller.terminalId : '';
    const facts = {
      id,
      // Phones whose names begin alike are one member's: `desk`, `desk-2`.
      callerMemberId: `m-${callerTerminalId.split('-').slice(0, 2).join('-')}`,
      callerTerminalId,
      dialled,
      startedAtMs: this.clock.nowMs(),
    };
    const names = this.#numbers[dialled];
    const gateways = this.#carriers[dialled] ?? [];
    const begun = {
      facts,
      callerUser: caller.kind === 'terminal' ? callerTerminalId.slice(2) : 'anonymous',
      language: 'en' as const,
      asksNumber: this.#accessNumbers.includes(dialled),
      marks,
    };
    const telephones = this.#telephones[dialled] ?? [];
    if (begun.asksNumber) return { ...begun, route: { ok: true, branches: [] } };
    const elsewhere = this.#elsewhere[dialled] ?? [];
    if (names === undefined && elsewhere.length + gateways.length + telephones.length === 0) {
      const outcome = { sipStatus: 404, q850Cause: 1, refusal: 'number-not-in-service' };
      return { ...begun, route: { ok: false, outcome, detail: 'Nobody holds the number.' } };
    }
    const branches = [
      ...(names ?? []).map((name) => ({ delayMs: 0, rings: [this.#ringOf(name, id)] })),
      ...elsewhere.map((name) => ({ delayMs: 0, rings: [this.#ringElsewhere(name, id)] })),
    ];
    const outward = [
      this.#charged(
        gateways.map((name) => this.#ringOut(name, id, dialled)),
        facts.callerMemberId,
      ),
      this.#charged(
        telephones.map((name) => this.#ringOut(name, id, dialled, 'm-bob')),
        'm-bob',
      ),
    ].filter(({ rings }) => rings.length > 0);
    return { ...begun, route: { ok: true, branches: [...branches, ...outward] } };
  }

  /** Ways out as one branch, charged to a member where something is. */
  #charged(rings: readonly Ring[], memberId: string): RingBranch {
    return this.#charging?.branchOf(rings, memberId) ?? { delayMs: 0, rings };
  }

  /** @param memberId whose own telephone it is, where it is one */
  #ringOut(name: string, callId: string, called: string, memberId?: string): Ring {
    const { address, port } = this.phone(name).flow;
    const gateway = { host: name, transport: 'udp' as const, priority: 0, weight: 1 };
    const party = {
      kind: 'trunk' as const,
      trunk: name,
      gateway: name,
      centre: 'KR',
      number: called,
      ...(memberId === undefined ? {} : { memberId }),
    };
    return {
      attempt: { id: `${callId}-${name}`, party, asksNextAfter404: true },
      way: {
        kind: 'trunk',
        trunk: trunkOf(name, { gateways: [gateway], trusted: true }),
        gateway,
        hops: [{ transport: 'udp', address, port }],
        called,
        calling: '+82262006200',
      },
    };
  }

  #lineOf(name: string, channels: number): OutwardLine {
    const count = (by: number) => this.taken.set(name, (this.taken.get(name) ?? 0) + by);
    return {
      silenceMs: 4_000,
      ringMs: 30_000,
      seize: () => {
        if ((this.taken.get(name) ?? 0) >= channels) return undefined;
        count(1);
        return () => count(-1);
      },
      challenged: (response, invite) =>
        response.status === 407
          ? withHeader(withHeader(invite, 'Proxy-Authorization', 'Digest us'), 'CSeq', '2 INVITE')
          : undefined,
      onHeard: (heard) => this.heard.push(`${name} ${heard ? 'heard' : 'silent'}`),
    };
  }

  #ringOf(name: string, callId: string): Ring {
    const phone = this.phone(name);
    const party = { kind: 'terminal' as const, terminalId: `t-${name}`, memberId: `m-${name}` };
    const binding = {
      contact: phone.contact,
      flow: phone.flow,
      callId: '',
      cseq: 1,
      priority: 1000,
      expiresAtMs: Number.POSITIVE_INFINITY,
    };
    return { attempt: { id: `${callId}-${name}`, party }, way: { kind: 'binding', binding } };
  }

  #nameOf({ address }: Flow): string {
    if (address === this.exchange.address) return 'exchange';
    return [...this.#phones.values()].find(({ flow }) => flow.address === address)?.name ?? address;
  }
}

function hashOf(text: string): string {
  return createHmac('sha256', 'known to the processes alone').update(text).digest('base64url');
}

function summary(bytes: Buffer): string {
  const message = parseMessage(bytes);
  if (!message.ok) return 'garbage';
  if (message.value.kind === 'request') return message.value.method;
  const cseq = headerValue(message.value, 'CSeq') ?? '';
  return `${message.value.status} (${cseq.split(' ')[1]})`;
}
