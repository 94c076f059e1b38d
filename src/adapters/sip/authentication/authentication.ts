import { sourceNetwork } from '../../../domain/terminals/index.ts';
import {
  type Credentials,
  challengeValues,
  credentialsOf,
  type DigestAlgorithm,
  makeNonce,
  NonceCounts,
  readNonce,
  type Sign,
  STRONGEST_FIRST,
  verifyResponse,
} from '../../../protocols/sip/digest/index.ts';
import {
  headerValue,
  parseAddress,
  parseUri,
  responseTo,
  type SipRequest,
  type SipResponse,
  unescapeUser,
} from '../../../protocols/sip/message/index.ts';
import type { Block, Clock, TerminalFact } from '../../../services/ports/index.ts';
import type { Flow } from '../network/index.ts';
import { GuessWatch } from './guess-watch.ts';
import { offeredTo } from './offered-algorithms.ts';
import { createSigner, platformHashes } from './platform-digest.ts';

/** Who can prove who it is: a terminal of ours, or whoever else has a name and a password here. */
export type Party = Pick<TerminalFact, 'user' | 'secrets'>;

export type AuthenticationOptions<Known extends Party = TerminalFact> = {
  /** The realm the stored hashes were made for. */
  readonly realm: string;
  readonly clock: Clock;
  readonly partyOf: (user: string) => Known | undefined;
  /** Makes a tag for the To of a response. */
  readonly newTag: () => string;
  /** What is offered, in whatever order: both unless the service is set to one of them. */
  readonly algorithms?: readonly DigestAlgorithm[];
  /** Told when somebody guessed too often. */
  readonly onBlocked?: (block: Block) => void;
};

/** Who sent a request, or what he is answered with. */
export type Authenticated<Known extends Party = TerminalFact> =
  | { readonly kind: 'known'; readonly party: Known }
  | { readonly kind: 'challenge'; readonly response: SipResponse }
  | { readonly kind: 'refused'; readonly response: SipResponse };

type Refused = Extract<Authenticated, { kind: 'refused' }>;

/** Long enough for the next calls and a refresh of a phone that registers every five minutes. */
const NONCE_LIFETIME_MS = 300_000;

/** Nonces whose counts are remembered: 2 MB. At 1 000 challenges a second that is four minutes of them. */
const REMEMBERED_NONCES = 2 ** 18;

/** Stands in for the secrets of a user there is not, so that he costs the same time as a wrong password. */
const NO_SECRETS: TerminalFact['secrets'] = { md5: '0'.repeat(32), sha256: '0'.repeat(64) };

/**
 * Finds out which terminal, or who else, a request comes from (RFC 3261 §22.1, RFC 7616, RFC 8760). Challenges are 401
 * for every method, as of a user agent server, which a B2BUA is. ACK and CANCEL cannot be challenged and do not come
 * here.
 */
export class Authentication<Known extends Party = TerminalFact> {
  readonly #options: AuthenticationOptions<Known>;
  readonly #algorithms: readonly DigestAlgorithm[];
  readonly #counts = new NonceCounts(REMEMBERED_NONCES);
  readonly #sign: Sign = createSigner();
  readonly #watch: GuessWatch;

  constructor(options: AuthenticationOptions<Known>) {
    this.#options = options;
    this.#algorithms = options.algorithms ?? STRONGEST_FIRST;
    this.#watch = new GuessWatch(options.onBlocked ?? (() => {}));
  }

  /** Looks at the credentials of a request from this flow; never throws. */
  authenticate(request: SipRequest, source: Pick<Flow, 'address'>): Authenticated<Known> {
    const nowMs = this.#options.clock.nowMs();
    const network = sourceNetwork(source.address);
    const found = credentialsOf(request, 'Authorization', this.#options.realm);
    if (!found.ok) return refused(this.#respond(request, found.problem.status, found.problem.detail));
    const credentials = found.value;
    if (credentials === undefined) return this.#answerStranger(request, network, nowMs);
    const blockedUntilMs = this.#watch.blockedUntilMs(credentials.username, network, nowMs);
    if (blockedUntilMs !== undefined) return this.#turnAway(request, blockedUntilMs - nowMs);
    if (!this.#algorithms.includes(credentials.algorithm)) return this.#challenge(request, network, nowMs);
    return this.#judge(request, credentials, network, nowMs);
  }

  /** Who is not listened to at this moment. */
  blocks(): readonly Block[] {
    return this.#watch.blocks(this.#options.clock.nowMs());
  }

  /** Lets somebody in again before his time. @returns false where nothing was held against him */
  lift(kind: Block['kind'], subject: string): boolean {
    return this.#watch.lift(kind, subject);
  }

  /** Takes it as known that this user's password came from this address, as bindings from before a restart show. */
  prove(user: string, address: string): void {
    this.#watch.countRightAnswer(user, sourceNetwork(address));
  }

  #judge(
    request: SipRequest,
    credentials: Credentials,
    network: string,
    nowMs: number,
  ): Authenticated<Known> {
    const { username, nonce, algorithm, auth } = credentials;
    const reading = readNonce(nonce, network, { nowMs, lifetimeMs: NONCE_LIFETIME_MS }, this.#sign);
    if (reading.kind === 'stale') return this.#challenge(request, network, nowMs, true);
    const party = this.#options.partyOf(username);
    const secrets = party?.secrets ?? NO_SECRETS;
    const secret = algorithm === 'MD5' ? secrets.md5 : secrets.sha256;
    const isRight = verifyResponse(credentials, secret, request.method, platformHashes);
    if (!isRight || party === undefined) {
      this.#watch.countWrongAnswer(username, network, nowMs);
      return this.#challenge(request, network, nowMs);
    }
    // An answer that was seen before is no guess: whoever has it cannot do anything with it.
    if (!this.#counts.use(reading.serial, auth?.nonceCount))
      return this.#challenge(request, network, nowMs, true);
    this.#watch.countRightAnswer(party.user, network);
    return { kind: 'known', party };
  }

  /**
   * A request without credentials is challenged. From a blocked network that is done only for the phones that were
   * there before, by the name they go by; whoever borrows such a name gets a challenge and nothing else.
   */
  #answerStranger(request: SipRequest, network: string, nowMs: number): Authenticated<Known> {
    const blockedUntilMs = this.#watch.sourceBlockedUntilMs(network, nowMs);
    if (blockedUntilMs === undefined || this.#watch.isProven(claimedUser(request), network)) {
      return this.#challenge(request, network, nowMs);
    }
    return this.#turnAway(request, blockedUntilMs - nowMs);
  }

  #challenge(
    request: SipRequest,
    network: string,
    nowMs: number,
    stale = false,
  ): Extract<Authenticated, { kind: 'challenge' }> {
    const nonce = makeNonce({ serial: this.#counts.issue(), audience: network }, nowMs, this.#sign);
    const offered = offeredTo(request, this.#algorithms);
    const values = challengeValues({ realm: this.#options.realm, nonce, stale }, offered);
    const headers = values.map((value) => ({ name: 'WWW-Authenticate', value }));
    const response = this.#respond(request, 401);
    return { kind: 'challenge', response: { ...response, headers: [...response.headers, ...headers] } };
  }

  #turnAway(request: SipRequest, forMs: number): Refused {
    const response = this.#respond(request, 403);
    const retryAfter = { name: 'Retry-After', value: String(Math.ceil(forMs / 1000)) };
    return refused({ ...response, headers: [...response.headers, retryAfter] });
  }

  #respond(request: SipRequest, status: number, reason?: string): SipResponse {
    return responseTo(request, status, reason, this.#options.newTag());
  }
}

function refused(response: SipResponse): Refused {
  return { kind: 'refused', response };
}

/** The user in From, who the request says it is from; '' where that cannot be read. */
function claimedUser(request: SipRequest): string {
  const from = parseAddress(headerValue(request, 'From') ?? '');
  const uri = from.ok ? parseUri(from.value.uri) : undefined;
  return uri?.ok === true ? unescapeUser(uri.value.user ?? '') : '';
}
