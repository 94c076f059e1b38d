import { readCalling, type Trunk } from '../domain/centres/index.ts';
import {
  type CountryCode,
  type E164,
  type EnterpriseNumber,
  type PersonalNumber,
  parseE164,
  registeredEnterpriseNumber,
  registeredPersonalNumber,
  sipUserOf,
} from '../domain/numbering/index.ts';
import type { Directory } from './directory.ts';
import type { NumberTexts } from './number-texts.ts';
import type { TerminalFact } from './ports/index.ts';

/** Who sent a call, as it proved to be. */
export type Caller =
  | { readonly kind: 'terminal'; readonly terminalId: string }
  | {
      readonly kind: 'trunk';
      readonly trunk: Trunk;
      /** The user part that names who calls there, unescaped; absent where nobody is named. */
      readonly calling?: string;
    };

/** Another process of ours, which has decided already what is to become of the call. */
export type ErrandCaller = { readonly kind: 'process' };

/** What of a caller a call is decided by, and what of it is shown. */
export type CallerFacts = {
  /** Whose dialling rules and emergency numbers are meant. */
  readonly from: CountryCode;
  readonly memberId?: string;
  readonly terminalId?: string;
  readonly trunk?: Trunk;
  /** The number by which the callee may call back, as text; absent where there is none. */
  readonly number?: string;
  /** The SIP user part under which our own terminals see the caller. */
  readonly user: string;
  /** The number that other networks are shown: the proven one of the PSTN, never a PIN or VNS. */
  readonly telephone?: E164;
  /** Whether calls may go on to other networks: not from strangers, unless their network has an agreement (¶55). */
  readonly mayCallOut: boolean;
};

type CallerPorts = { readonly directory: Directory; readonly texts: NumberTexts };

const ANONYMOUS = 'anonymous';

/** @returns undefined where the terminal is known no more */
export function callerFactsOf(ports: CallerPorts, caller: Caller): CallerFacts | undefined {
  if (caller.kind === 'trunk') return trunkCaller(ports, caller);
  const terminal = ports.directory.terminal(caller.terminalId);
  return terminal === undefined ? undefined : terminalCaller(ports, terminal);
}

function terminalCaller({ directory, texts }: CallerPorts, terminal: TerminalFact): CallerFacts {
  const shown = shownNumberOf(directory, terminal.memberId, terminal.branchCountryCode);
  const telephone = directory.provenTelephoneOf(terminal.memberId);
  return {
    from: terminal.countryCode,
    memberId: terminal.memberId,
    terminalId: terminal.id,
    ...(shown === undefined ? {} : { number: texts.textOf(shown) }),
    user: shown === undefined ? terminal.user : sipUserOf(shown),
    ...(telephone === undefined ? {} : { telephone }),
    mayCallOut: true,
  };
}

/**
 * A call that came in from another network. The member whose proven telephone it is needs no code (R18): the callee
 * sees the member's own number.
 */
function trunkCaller(
  { directory, texts }: CallerPorts,
  { trunk, calling }: Caller & { readonly kind: 'trunk' },
): CallerFacts {
  const from = trunk.numbers.country;
  const mayCallOut = trunk.inbound?.transit === true;
  const read = calling === undefined ? undefined : parseE164(readCalling(trunk.numbers, calling));
  const telephone = read?.ok === true ? read.value : undefined;
  if (telephone === undefined) return { from, trunk, user: ANONYMOUS, mayCallOut };
  const memberId = directory.aliasOf('pstn', telephone)?.memberId;
  const shown = memberId === undefined ? undefined : shownNumberOf(directory, memberId);
  return {
    from,
    trunk,
    ...(memberId === undefined ? {} : { memberId }),
    number: shown === undefined ? telephone : texts.textOf(shown),
    user: shown === undefined ? telephone : sipUserOf(shown),
    telephone,
    mayCallOut,
  };
}

/** The number by which a member is called back; an enterprise's names the branch that calls. */
function shownNumberOf(
  directory: Directory,
  memberId: string,
  branchCountryCode?: CountryCode,
): PersonalNumber | EnterpriseNumber | undefined {
  const digits = directory.shownNumberOf(memberId);
  if (digits === undefined) return undefined;
  if (directory.holderOf('personal', digits) === memberId) return registeredPersonalNumber(digits);
  const number = registeredEnterpriseNumber(digits);
  return branchCountryCode === undefined ? number : { ...number, branchCountryCode };
}
