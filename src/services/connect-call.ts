import type { Attempt, CallFacts, Outcome } from '../domain/exchange/call/index.ts';
import { ANSWERS, type ResolveFacts, resolve } from '../domain/exchange/index.ts';
import {
  type CountryCode,
  type Dialled,
  type EnterpriseNumber,
  type PersonalNumber,
  readDialled,
  registeredEnterpriseNumber,
  registeredPersonalNumber,
  sipUserOf,
} from '../domain/numbering/index.ts';
import type { Binding } from '../domain/terminals/index.ts';
import type { Directory } from './directory.ts';
import type { Registrations } from './keep-registrations.ts';
import type { NumberTexts } from './number-texts.ts';
import type { Clock, Identifiers, TerminalFact } from './ports/index.ts';

export type ConnectCallPorts = {
  readonly directory: Directory;
  readonly registrations: Pick<Registrations, 'bindingsOf'>;
  readonly clock: Clock;
  readonly identifiers: Identifiers;
  readonly texts: NumberTexts;
  /** The SIP domain of the service, in which a number may be dialled as a URI. */
  readonly ownDomain: string;
};

export type CallOffer = {
  /** The terminal that proved to be the caller. */
  readonly callerTerminalId: string;
  /** Whatever was dialled, as a person would write it (R12). */
  readonly dialled: string;
};

/** One phone to ring. */
export type Ring = { readonly attempt: Attempt; readonly binding: Binding };

/** What the exchange found for a dialled string: phones to ring, or why there are none. */
export type Connection = {
  readonly facts: CallFacts;
  /** The SIP user part under which the callee sees the caller. */
  readonly callerUser: string;
  readonly route:
    | { readonly ok: true; readonly rings: readonly Ring[] }
    | { readonly ok: false; readonly outcome: Outcome; readonly detail: string };
};

/** The caller's terminal was removed while it called (Q.850 cause 21: call rejected). */
const CALLER_GONE: Outcome = { sipStatus: 403, q850Cause: 21 };

/**
 * Finds whom a call is for (R12, R13), from facts in memory and without waiting: the string is read, the number's
 * holder found, and every phone registered at the holder's terminals is to ring; the caller's own terminal is not.
 */
export function connectCall(ports: ConnectCallPorts, offer: CallOffer): Connection {
  const { directory, clock, identifiers, texts } = ports;
  const { callerTerminalId, dialled } = offer;
  const caller = directory.terminal(callerTerminalId);
  const begun = {
    id: identifiers.next(),
    callerTerminalId,
    callerMemberId: caller?.memberId ?? '',
    dialled,
    startedAtMs: clock.nowMs(),
  };
  if (caller === undefined) {
    const detail = 'The calling terminal is no longer known.';
    return { facts: begun, callerUser: 'anonymous', route: { ok: false, outcome: CALLER_GONE, detail } };
  }
  const shown = shownNumberOf(caller, directory);
  const read = readDialled(dialled, dialContextOf(caller, ports));
  const facts: CallFacts = {
    ...begun,
    ...(shown === undefined ? {} : { callerNumber: texts.textOf(shown) }),
    ...(read.kind === 'own' && read.number.kind !== 'alias'
      ? { calledNumber: texts.textOf(read.number) }
      : {}),
  };
  const callerUser = shown === undefined ? caller.user : sipUserOf(shown);
  const found = resolve(read, resolveFactsOf(directory));
  if (!found.ok) {
    const { code, detail } = found.refusal;
    return { facts, callerUser, route: { ok: false, outcome: { ...ANSWERS[code], refusal: code }, detail } };
  }
  const { memberId, terminals } = found.value;
  const others = terminals.filter((id) => id !== callerTerminalId);
  return { facts, callerUser, route: { ok: true, rings: ringsOf(ports, memberId, others) } };
}

/** Where and against what a terminal dials. */
export function dialContextOf(
  terminal: Pick<TerminalFact, 'countryCode'>,
  { directory, ownDomain }: Pick<ConnectCallPorts, 'directory' | 'ownDomain'>,
): Dialled['context'] {
  const { countryCode } = terminal;
  return { from: countryCode, presentIn: countryCode, registry: directory, operators: [], ownDomain };
}

/** The look-ups by which a destination is found. */
export function resolveFactsOf(directory: Directory): ResolveFacts {
  return {
    holderOf: (kind, digits) => (kind === 'alias' ? undefined : directory.holderOf(kind, digits)),
    branchOf: (memberId, countryCode) => directory.hasBranch(memberId, countryCode),
    terminalsOf: (memberId, branch) => directory.terminalsOf(memberId, branch).map(({ id }) => id),
  };
}

function ringsOf(ports: ConnectCallPorts, memberId: string, terminalIds: readonly string[]): Ring[] {
  const nowMs = ports.clock.nowMs();
  const rings: Ring[] = [];
  for (const terminalId of terminalIds) {
    for (const binding of ports.registrations.bindingsOf(terminalId, nowMs)) {
      rings.push({ attempt: { id: String(rings.length), terminalId, memberId }, binding });
    }
  }
  return rings;
}

/** The number by which the callee may call back; an enterprise's names the branch that calls. */
function shownNumberOf(
  caller: TerminalFact,
  directory: Directory,
): PersonalNumber | EnterpriseNumber | undefined {
  const digits = directory.shownNumberOf(caller.memberId);
  if (digits === undefined) return undefined;
  if (directory.holderOf('personal', digits) === caller.memberId) return registeredPersonalNumber(digits);
  return withBranch(registeredEnterpriseNumber(digits), caller.branchCountryCode);
}

function withBranch(number: EnterpriseNumber, branchCountryCode: CountryCode | undefined): EnterpriseNumber {
  return branchCountryCode === undefined ? number : { ...number, branchCountryCode };
}
