import type { ChargeTerms } from '../domain/billing/charging/index.ts';
import { printRate } from '../domain/billing/index.ts';
import { memberAccount } from '../domain/billing/ledger/index.ts';
import { readCalled } from '../domain/centres/index.ts';
import type { CallFacts, Outcome } from '../domain/exchange/call/index.ts';
import {
  type Decision,
  type Destination,
  destinationText,
  type OutwardDestination,
  outcomeOfRefusal,
  type Resolution,
  type ResolveFacts,
  resolve,
} from '../domain/exchange/index.ts';
import { LANGUAGES, type Language } from '../domain/members/index.ts';
import { type DialContext, type Dialled, readDialled, sipUserOf } from '../domain/numbering/index.ts';
import { accept, type Refusal, type Result, refuse } from '../domain/refusal/index.ts';
import { languageFor } from '../domain/voice/index.ts';
import { type Caller, type CallerFacts, callerFactsOf } from './caller.ts';
import type { Directory } from './directory.ts';
import { followMeBranch } from './follow-me.ts';
import type { Registrations } from './keep-registrations.ts';
import type { NumberTexts } from './number-texts.ts';
import { waysToTerminal } from './other-processes.ts';
import type { Clock, Hash, Identifiers } from './ports/index.ts';
import { tariffNumberOfOwn } from './price-call.ts';
import { type Errand, type OutwardRing, outwardBranch, type RingBranch } from './ring.ts';
import { type OutwardPorts, waysForErrand, waysOut } from './route-outward.ts';

export type ConnectCallPorts = {
  readonly directory: Directory;
  readonly registrations: Pick<Registrations, 'bindingsOf'>;
  readonly clock: Clock;
  readonly hash: Pick<Hash, 'md5'>;
  readonly identifiers: Identifiers;
  readonly texts: NumberTexts;
  /** The SIP domain of the service, in which a number may be dialled as a URI. */
  readonly ownDomain: string;
  readonly outward: OutwardPorts;
};

type WaysPorts = Pick<ConnectCallPorts, 'directory' | 'registrations' | 'clock' | 'outward'>;

export type CallOffer = {
  readonly caller: Caller;
  /** Whatever was dialled, as a person would write it (R12). */
  readonly dialled: string;
  /** Where the call has been already: see `Connection.marks`. */
  readonly marks: readonly string[];
  /** Where the number was ported to, as the caller's network says. */
  readonly routingNumber?: string;
};

/** What the exchange found for a dialled string: what to ring, or why there is nothing. */
export type Connection = {
  readonly facts: CallFacts;
  /** The SIP user part under which terminals of ours see the caller. */
  readonly callerUser: string;
  /** In which language the caller is spoken to. */
  readonly language: Language;
  /** Whether a voice is to ask whom the call is for (R18). */
  readonly asksNumber: boolean;
  /** What the call carries to other networks, so that it is known when it comes back: one mark a destination. */
  readonly marks: readonly string[];
  readonly route:
    | { readonly ok: true; readonly branches: readonly RingBranch[] }
    | { readonly ok: false; readonly outcome: Outcome; readonly detail: string };
};

/** The caller's terminal was removed while it called (Q.850 cause 21: call rejected). */
const CALLER_GONE: Outcome = { sipStatus: 403, q850Cause: 21 };

const NOTHING_TO_SAY = { language: 'en', asksNumber: false } as const;

/** The call is back at a destination it was sent to (Q.850 cause 25: exchange routing error). */
const CAME_BACK: Outcome = { sipStatus: 482, q850Cause: 25 };

/**
 * Finds whom a call is for (R12), from facts in memory and without waiting: the string is read, what it reaches found,
 * and every phone registered at a member's terminals is to ring; the caller's own terminal is not. What nobody holds
 * goes out to another network, where only an address that has to be looked up is waited for.
 */
export function connectCall(ports: ConnectCallPorts, offer: CallOffer): Connection | Promise<Connection> {
  const begun = beginningOf(ports, offer);
  const caller = callerFactsOf(ports, offer.caller);
  if (caller === undefined) {
    const detail = 'The calling terminal is no longer known.';
    const route = { ok: false as const, outcome: CALLER_GONE, detail };
    return { ...NOTHING_TO_SAY, facts: begun, callerUser: 'anonymous', marks: offer.marks, route };
  }
  const read = readDialled(dialledText(offer), dialContextOf(caller, ports));
  const found = resolve(read, resolveFactsOf(ports));
  const facts = factsOf(ports, begun, caller, read, found);
  const asksNumber = found.ok && found.value.kind === 'access';
  const language = languageOf(ports, caller);
  const inbound = inboundOf(ports.outward, caller, read, found);
  const charged = inbound === undefined ? facts : { ...facts, charges: [inbound] };
  const base = { facts: charged, callerUser: caller.user, language, asksNumber, marks: offer.marks };
  if (!found.ok) return { ...base, route: refusedRoute(found) };
  const mark = markOf(ports, found.value);
  if (mark !== undefined && offer.marks.includes(mark)) {
    const detail = 'The call has come back from where it was sent to.';
    return { ...base, route: { ok: false, outcome: CAME_BACK, detail } };
  }
  const marked = mark === undefined ? base : { ...base, marks: [...offer.marks, mark] };
  const connected = (found: Result<readonly RingBranch[]>): Connection => {
    const ways = withinRate(ports.outward, caller, ofNobody(read, found));
    return { ...marked, route: ways.ok ? { ok: true, branches: ways.value } : refusedRoute(ways) };
  };
  const ways = waysTo(ports, found.value, caller, undefined, portedTo(offer));
  return ways instanceof Promise ? ways.then(connected) : connected(ways);
}

/** A call that its caller pays for counts, and one too many in a minute is not made. */
function withinRate(
  { prices }: OutwardPorts,
  { memberId }: CallerFacts,
  ways: Result<readonly RingBranch[]>,
): Result<readonly RingBranch[]> {
  if (prices === undefined || memberId === undefined || !ways.ok) return ways;
  const account = memberAccount(memberId);
  const pays = ways.value.some(({ credit }) => credit?.account === account);
  if (!pays || prices.mayBegin(memberId)) return ways;
  return refuse('too-many-calls', 'The member began as many calls in this minute as it may.');
}

/** What the network that brought a call for a number of ours owes for it, or is owed (R23). */
function inboundOf(
  { prices }: OutwardPorts,
  { trunk }: CallerFacts,
  read: Dialled,
  found: Resolution,
): ChargeTerms | undefined {
  if (prices === undefined || trunk === undefined || !found.ok) return undefined;
  const { kind } = found.value;
  if (kind !== 'member-terminals' && kind !== 'branch-terminals' && kind !== 'access') return undefined;
  if (read.kind === 'pstn') return prices.inboundOf(trunk.name, read.number.slice(1));
  // A branch of an enterprise costs what its number does, and an address nothing of its own.
  const user = read.kind === 'own' && read.number.kind !== 'alias' ? sipUserOf(read.number) : '';
  return prices.inboundOf(trunk.name, tariffNumberOfOwn(user.replace(/%23.*/, '')));
}

/** Portability is believed from trunks that are set up so (RFC 4694). */
function portedTo({ caller, routingNumber }: CallOffer): string | undefined {
  return caller.kind === 'trunk' && caller.trunk.portability ? routingNumber : undefined;
}

/** A trunk writes the numbers it calls in its own form. */
function dialledText({ caller, dialled }: CallOffer): string {
  if (caller.kind !== 'trunk') return dialled;
  const [number = ''] = dialled.replace(/^tel:/i, '').split(';');
  return readCalled(caller.trunk.numbers, /^tel:/i.test(dialled) ? number : dialled);
}

/** What the centre of the caller's country speaks, and the caller may understand. */
function languageOf({ outward }: ConnectCallPorts, { from }: CallerFacts): Language {
  const centre = outward.network().centres.find(({ countries }) => countries.includes(from));
  return languageFor({ centre: centre?.languages ?? LANGUAGES, callerCountry: from });
}

/** A number of our own plan that nobody holds, and to whose telephone no way leads, is not in service (R16). */
export function ofNobody<Ways>(read: Dialled, ways: Result<Ways>): Result<Ways> {
  if (ways.ok || read.kind !== 'own' || ways.refusal.code !== 'destination-not-served') return ways;
  return refuse('number-not-in-service', `Nobody holds it. ${ways.refusal.detail}`);
}

/** What is to ring for a destination. @param trail where every decision is noted, when somebody wants to know them */
export function waysTo(
  ports: WaysPorts,
  destination: Destination,
  caller: CallerFacts,
  trail?: Decision[],
  routingNumber?: string,
): Result<readonly RingBranch[]> | Promise<Result<readonly RingBranch[]>> {
  if (destination.kind !== 'member-terminals' && destination.kind !== 'branch-terminals') {
    const priced = saleOf(ports.outward, destination, caller, trail);
    if (!priced.ok) return priced;
    const sale = priced.value;
    const outward = (ways: Result<readonly OutwardRing[]>) =>
      ways.ok ? accept([announcing(outwardBranch(ways.value, 0, sale), ports.outward, caller)]) : ways;
    const ways = waysOut(ports.outward, destination, caller, { trail, routingNumber, sale });
    return ways instanceof Promise ? ways.then(outward) : outward(ways);
  }
  const { memberId, terminals } = destination;
  const others = terminals.filter((id) => id !== caller.terminalId);
  const branches = [...phoneBranches(ports, memberId, others), ...branchesElsewhere(ports, memberId, others)];
  trail?.push(phonesDecision(branches));
  if (destination.kind === 'branch-terminals') return accept(branches);
  const follow = followMeBranch(ports, memberId, caller, trail);
  const withFollow = (branch: RingBranch | undefined) =>
    accept(branch === undefined ? branches : [...branches, branch]);
  return follow instanceof Promise ? follow.then(withFollow) : withFollow(follow);
}

/** Whoever pays for a call is told the price first, where that is wished (R23). */
function announcing(branch: RingBranch, { prices }: OutwardPorts, { memberId }: CallerFacts): RingBranch {
  if (branch.credit === undefined || memberId === undefined) return branch;
  return prices?.announcesPriceTo(memberId) === true ? { ...branch, announcesPrice: true } : branch;
}

/** What a call to somewhere outside costs whoever makes it (R23): a member, or a network that calls on through us. */
function saleOf(
  { prices }: OutwardPorts,
  destination: OutwardDestination,
  { memberId, trunk }: CallerFacts,
  trail: Decision[] | undefined,
): Result<ChargeTerms | undefined> {
  if (prices === undefined) return accept(undefined);
  // What a network shows of its callers is no reason to charge a member of ours for them.
  const payer =
    trunk !== undefined
      ? ({ kind: 'trunk', trunk: trunk.name } as const)
      : memberId === undefined
        ? undefined
        : ({ kind: 'member', memberId } as const);
  if (payer === undefined) return accept(undefined);
  const sale = prices.saleOf(payer, destination);
  trail?.push(priceDecision(sale));
  return sale;
}

function priceDecision(sale: Result<ChargeTerms | undefined>): Decision {
  if (!sale.ok) return { code: 'price', fits: false, sentence: sale.refusal.detail };
  if (sale.value === undefined) return { code: 'price', fits: true, sentence: 'It is not charged.' };
  const { tariff, destination, prefix, rate } = sale.value;
  return {
    code: 'price',
    fits: true,
    sentence: `${printRate(rate)}, by the tariff ${tariff} for ${destination} (${prefix}).`,
  };
}

function phonesDecision(branches: readonly RingBranch[]): Decision {
  const fits = branches.length > 0;
  const contacts = branches.flatMap(({ rings }) =>
    rings.flatMap(({ way }) => (way.kind === 'binding' ? [way.binding.contact] : [])),
  );
  return {
    code: 'registered-phones',
    fits,
    sentence: fits
      ? `${branches.length} registered: ${contacts.join(', ')}.`
      : 'No phone is registered at these terminals now.',
  };
}

/** What a call to a destination in another network carries, so that it is known when it comes back. */
function markOf({ hash, ownDomain }: ConnectCallPorts, destination: Destination): string | undefined {
  if (destination.kind === 'member-terminals' || destination.kind === 'branch-terminals') return undefined;
  return hash.md5(`${ownDomain} ${destinationText(destination)}`).slice(0, 16);
}

/** Where and against what somebody dials. */
export function dialContextOf(
  { from }: Pick<CallerFacts, 'from'>,
  { directory, ownDomain, outward }: Pick<ConnectCallPorts, 'directory' | 'ownDomain' | 'outward'>,
): DialContext {
  const operators = outward.network().operatorPlans;
  return { from, presentIn: from, registry: directory, operators, ownDomain };
}

/** The look-ups by which a destination is found. */
export function resolveFactsOf({
  directory,
  outward,
}: Pick<ConnectCallPorts, 'directory' | 'outward'>): ResolveFacts {
  const network = outward.network();
  return {
    holderOf: (kind, digits) => directory.holderOf(kind, digits),
    aliasOf: (kind, value, operatorId) => directory.aliasOf(kind, value, operatorId),
    branchOf: (memberId, countryCode) => directory.hasBranch(memberId, countryCode),
    terminalsOf: (memberId, branch) => directory.terminalsOf(memberId, branch).map(({ id }) => id),
    accessCentreOf: (number) => network.accessCentreOf(number),
    callsStrangers: outward.callsStrangers,
  };
}

function beginningOf({ identifiers, clock }: ConnectCallPorts, { caller, dialled }: CallOffer): CallFacts {
  const by =
    caller.kind === 'terminal' ? { callerTerminalId: caller.terminalId } : { callerTrunk: caller.trunk.name };
  return { id: identifiers.next(), ...by, dialled, startedAtMs: clock.nowMs() };
}

function factsOf(
  { texts }: ConnectCallPorts,
  begun: CallFacts,
  { memberId, number }: CallerFacts,
  read: Dialled,
  found: Resolution,
): CallFacts {
  const called =
    read.kind === 'own' && read.number.kind !== 'alias'
      ? texts.textOf(read.number)
      : found.ok && found.value.kind !== 'member-terminals' && found.value.kind !== 'branch-terminals'
        ? destinationText(found.value)
        : undefined;
  return {
    ...begun,
    ...(memberId === undefined ? {} : { callerMemberId: memberId }),
    ...(number === undefined ? {} : { callerNumber: number }),
    ...(called === undefined ? {} : { calledNumber: called }),
  };
}

function refusedRoute({ refusal }: { readonly refusal: Refusal }): Connection['route'] {
  return { ok: false, outcome: outcomeOfRefusal(refusal.code), detail: refusal.detail };
}

/** Phones that registered with another process of ours, which rings them (R13). */
function branchesElsewhere(
  { outward }: WaysPorts,
  memberId: string,
  terminalIds: readonly string[],
): RingBranch[] {
  const { others } = outward;
  if (others === undefined) return [];
  return terminalIds.flatMap((terminalId) =>
    waysToTerminal(others, terminalId).map((way, at) => {
      const party = { kind: 'terminal' as const, terminalId, memberId };
      return { delayMs: 0, rings: [{ attempt: { id: `${terminalId} ${at}`, party }, way }] };
    }),
  );
}

/** What another process asks of this one: to ring a terminal here, or to send a number out by a trunk. */
export function connectErrand(
  ports: ConnectCallPorts,
  { errand, callerUser, facts, language }: ErrandOffer,
): Connection | Promise<Connection> {
  const base = { facts, callerUser, language, asksNumber: false, marks: [] };
  const connected = (branches: Result<readonly RingBranch[]>): Connection => ({
    ...base,
    route: branches.ok ? { ok: true, branches: branches.value } : refusedRoute(branches),
  });
  if (errand.kind === 'terminal') {
    const memberId = ports.directory.terminal(errand.terminalId)?.memberId ?? '';
    return connected(accept(phoneBranches(ports, memberId, [errand.terminalId])));
  }
  const ways = waysForErrand(ports.outward, errand);
  const outward = (found: Awaited<typeof ways>) =>
    connected(found.ok ? accept([outwardBranch(found.value)]) : found);
  return ways instanceof Promise ? ways.then(outward) : outward(ways);
}

/** An errand of another process, and what it says of the call. */
export type ErrandOffer = {
  readonly errand: Errand;
  readonly callerUser: string;
  readonly facts: CallFacts;
  readonly language: Language;
};

function phoneBranches(ports: WaysPorts, memberId: string, terminalIds: readonly string[]): RingBranch[] {
  const nowMs = ports.clock.nowMs();
  const branches: RingBranch[] = [];
  for (const terminalId of terminalIds) {
    for (const binding of ports.registrations.bindingsOf(terminalId, nowMs)) {
      const party = { kind: 'terminal' as const, terminalId, memberId };
      const ring = {
        attempt: { id: String(branches.length), party },
        way: { kind: 'binding' as const, binding },
      };
      branches.push({ rings: [ring], delayMs: 0 });
    }
  }
  return branches;
}
