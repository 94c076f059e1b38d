import { createMemoryRegistrationStore } from '../../src/adapters/memory/index.ts';
import { Authentication, platformHashes } from '../../src/adapters/sip/authentication/index.ts';
import type { Flow } from '../../src/adapters/sip/network/index.ts';
import { createRegistrar } from '../../src/adapters/sip/registrar/index.ts';
import { countryCodeOf } from '../../src/domain/numbering/index.ts';
import {
  answerChallenge,
  type DigestAlgorithm,
  digestSecret,
  type ReceivedChallenge,
  strongestChallenge,
} from '../../src/protocols/sip/digest/index.ts';
import {
  parseMessage,
  printMessage,
  type SipRequest,
  type SipResponse,
} from '../../src/protocols/sip/message/index.ts';
import { Registrations } from '../../src/services/keep-registrations.ts';
import type { Block, RegistrationStore, TerminalFact } from '../../src/services/ports/index.ts';
import { sipRequest } from './sip-messages.ts';
import { VirtualClock } from './virtual-clock.ts';

export const REALM = 'omnidial.example';
export const HOME: Flow = { transport: 'udp', address: '192.0.2.1', port: 5060 };

/** A terminal of a member of the same name; its user's password is `secret_of_<user>`. */
export function terminalFact(user: string): TerminalFact {
  const account = { username: user, realm: REALM, password: `secret_of_${user}` };
  return {
    id: `terminal-${user}`,
    memberId: `member-${user}`,
    countryCode: countryCodeOf('KR'),
    user,
    secrets: {
      md5: digestSecret(account, 'MD5', platformHashes),
      sha256: digestSecret(account, 'SHA-256', platformHashes),
    },
  };
}

/** Lets what hangs on settled promises run. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

export type World = ReturnType<typeof createWorld>;

/** A registrar with Alice and Bob on a virtual clock. Another world on the same store is the same after a restart. */
export function createWorld(
  options: { store?: RegistrationStore; clock?: VirtualClock; algorithms?: readonly DigestAlgorithm[] } = {},
) {
  const { store = createMemoryRegistrationStore(), clock = new VirtualClock() } = options;
  const terminals = new Map(['alice', 'bob'].map((user) => [user, terminalFact(user)]));
  const blocked: Block[] = [];
  const storeFailures: unknown[] = [];
  let tags = 0;
  const newTag = () => `tag-${++tags}`;
  const authentication = new Authentication({
    realm: REALM,
    clock,
    partyOf: (user) => terminals.get(user),
    newTag,
    onBlocked: (block) => blocked.push(block),
    ...(options.algorithms === undefined ? {} : { algorithms: options.algorithms }),
  });
  const registrations = new Registrations({
    store,
    clock,
    timers: { start: (afterMs, run) => clock.schedule(afterMs, run) },
    onStoreFailure: (error) => storeFailures.push(error),
  });
  const registrar = createRegistrar({
    authentication,
    registrations,
    clock,
    servesHost: (host) => host === REALM,
    newTag,
  });

  /** Sends a REGISTER and lets so much time pass that it is answered. */
  async function send(request: SipRequest, source: Flow = HOME): Promise<SipResponse> {
    const answers: SipResponse[] = [];
    registrar.onRegister({ request, source, respond: (response) => answers.push(response) });
    // Once for the change, and once more where another save was under way.
    for (let turn = 0; turn < 2 && answers.length === 0; turn += 1) {
      await settle();
      clock.run(clock.nowMs() + 10);
      await settle();
    }
    const [answer] = answers;
    if (answer === undefined || answers.length > 1) throw new Error(`There were ${answers.length} answers.`);
    return overTheWire(answer);
  }
  return { clock, store, authentication, registrations, blocked, storeFailures, send };
}

/** As the phone reads it: what is printed here has to be what the parser takes. */
function overTheWire(response: SipResponse): SipResponse {
  const read = parseMessage(printMessage(response));
  if (!read.ok || read.value.kind !== 'response') throw new Error('The response cannot be read.');
  return read.value;
}

export type PhoneOptions = {
  readonly user?: string;
  readonly password?: string;
  readonly source?: Flow;
  readonly callId?: string;
  readonly userAgent?: string;
};

/** A phone that registers: it answers challenges as long as they are new, and keeps a nonce for its next request. */
export class RegisteringPhone {
  readonly #world: World;
  readonly #user: string;
  readonly #password: string;
  readonly #source: Flow;
  readonly #headers: Readonly<Record<string, string>>;
  #cseq = 0;
  #received: ReceivedChallenge | undefined;
  #nonceCount = 0;
  /** How often it was challenged. */
  challenges = 0;

  constructor(world: World, options: PhoneOptions = {}) {
    const { user = 'alice', password = `secret_of_${user}`, source = HOME, callId = 'call-1' } = options;
    this.#world = world;
    this.#user = user;
    this.#password = password;
    this.#source = source;
    this.#headers = {
      From: `<sip:${user}@${REALM}>;tag=phone`,
      To: `<sip:${user}@${REALM}>`,
      'Call-ID': callId,
      ...(options.userAgent === undefined ? {} : { 'User-Agent': options.userAgent }),
    };
  }

  /** The REGISTER it would send next, with an answer to the last challenge where there was one. */
  request(headers: Readonly<Record<string, string | readonly string[]>> = {}): SipRequest {
    this.#cseq += 1;
    const uri = `sip:${REALM}`;
    const wish = { ...this.#headers, CSeq: `${this.#cseq} REGISTER`, ...headers };
    if (this.#received === undefined) return sipRequest('REGISTER', { uri, headers: wish });
    const { challenge, answerIn } = this.#received;
    this.#nonceCount += 1;
    const account = { username: this.#user, password: this.#password, method: 'REGISTER', uri };
    const answer = { ...account, cnonce: 'c0ffee', nonceCount: this.#nonceCount };
    const authorization = answerChallenge(challenge, answer, platformHashes);
    return sipRequest('REGISTER', { uri, headers: { ...wish, [answerIn]: authorization } });
  }

  /** Registers with these headers; answers a challenge once, and again where only the nonce was old. */
  async register(headers: Readonly<Record<string, string | readonly string[]>> = {}): Promise<SipResponse> {
    for (let attempt = 1; ; attempt += 1) {
      const isAnswer = this.#received !== undefined;
      const response = await this.#world.send(this.request(headers), this.#source);
      if (response.status !== 401) return response;
      this.challenges += 1;
      const received = strongestChallenge(response);
      const mayAnswer = received !== undefined && (!isAnswer || received.challenge.stale) && attempt < 4;
      this.#received = received;
      this.#nonceCount = 0;
      if (!mayAnswer) return response;
    }
  }

  /** Guesses once: a new challenge is fetched, and answered with its password. */
  async guess(): Promise<number> {
    this.#received = undefined;
    return (await this.register()).status;
  }
}
