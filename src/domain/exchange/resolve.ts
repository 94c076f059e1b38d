import type { CentreCode } from '../centres/index.ts';
import type { AliasFact, AliasKind } from '../members/index.ts';
import {
  type Address,
  type Country,
  type CountryCode,
  type Dialled,
  type E164,
  type EnterpriseNumber,
  explainDialled,
  formatEnterpriseNumber,
  formatPersonalNumber,
  type HeldAlias,
  type PersonalNumber,
  type PlanReading,
  personalNumberOf,
  pstnNumberOf,
  type StepCode,
} from '../numbering/index.ts';
import { accept, type Result, refuse } from '../refusal/index.ts';
import type { ResolveRefusalCode } from './answers.ts';

/** What the exchange knows of numbers, members and terminals: pure look-ups that return ids. */
export type ResolveFacts = {
  /** The member who holds exactly these digits as this kind of number. */
  readonly holderOf: (kind: 'personal' | 'enterprise', digits: string) => string | undefined;
  /** What a member had before or is called by, where it is proven (R17, R19). */
  readonly aliasOf: (kind: AliasKind, value: string, operatorId?: string) => AliasFact | undefined;
  /** Whether a member has a branch in a country. */
  readonly branchOf: (memberId: string, countryCode: CountryCode) => boolean;
  /** The terminals of a member, or those of one branch; empty where there are none. */
  readonly terminalsOf: (memberId: string, branchCountryCode?: CountryCode) => readonly string[];
  /** The centre that has this number for callers who are then asked whom they want (R18). */
  readonly accessCentreOf: (number: E164) => CentreCode | undefined;
  /** Whether addresses of people who are no members are called (R16). */
  readonly callsStrangers: boolean;
};

/** Whom a call goes to. Whether a terminal can be reached, or a way out exists, is another question. */
export type Destination =
  | { readonly kind: 'member-terminals'; readonly memberId: string; readonly terminals: readonly string[] }
  | {
      readonly kind: 'branch-terminals';
      readonly memberId: string;
      readonly branchCountryCode: CountryCode;
      readonly terminals: readonly string[];
    }
  /** A telephone of the PSTN (R14, R16). */
  | { readonly kind: 'pstn'; readonly number: E164 }
  /** A number of another operator, as it was dialled and as the operator wants it (R15). */
  | {
      readonly kind: 'operator';
      readonly operatorId: string;
      readonly digits: string;
      readonly converted: string;
    }
  /** The SIP address of somebody who is no member (R16). */
  | { readonly kind: 'address'; readonly uri: string }
  | { readonly kind: 'emergency'; readonly number: string; readonly country: Country }
  /** A voice that asks for the number wanted (R18). */
  | { readonly kind: 'access'; readonly centre: CentreCode };

/** Those that lie outside of our own terminals. */
export type OutwardDestination = Exclude<Destination, { kind: 'member-terminals' | 'branch-terminals' }>;

/** What lies outside as text: `+82212345678`, `tello 5551234567`, `sip:carol@lee.example`, `119 KR`. */
export function destinationText(destination: OutwardDestination): string {
  switch (destination.kind) {
    case 'pstn':
      return destination.number;
    case 'operator':
      return `${destination.operatorId} ${destination.digits}`;
    case 'address':
      return destination.uri;
    case 'emergency':
      return `${destination.number} ${destination.country}`;
    case 'access':
      return `access ${destination.centre}`;
  }
}

export type Resolution = Result<Destination, ResolveRefusalCode>;

/** One decision on the way from what was dialled to whom it reaches, in the order they were taken. */
export type Decision = {
  readonly code:
    | StepCode
    | 'holder'
    | 'price'
    | 'alias'
    | 'branch'
    | 'terminals'
    | 'stranger'
    | 'registered-phones'
    | 'follow-me'
    | 'centre'
    | 'carrier'
    | 'address-lookup'
    | 'duration'
    | 'refused';
  readonly fits: boolean;
  readonly sentence: string;
};

type Trail = Decision[] | undefined;

/**
 * Finds whom a dialled string reaches. A personal number reaches all terminals of its member (R13), an enterprise
 * number those of the branch that the country code after `#` picks (R3); what a member had before or is called by
 * reaches the member (R17, R19). What nobody holds leads outwards (R14, R15, R16).
 */
export function resolve(dialled: Dialled, facts: ResolveFacts): Resolution {
  return find(dialled, facts, undefined);
}

/** All decisions in order: how the string was read, who holds it, which branch, which terminals, or why not. */
export function explain(dialled: Dialled, facts: ResolveFacts): readonly Decision[] {
  const trail: Decision[] = [...explainDialled(dialled)];
  const resolution = find(dialled, facts, trail);
  if (!resolution.ok) {
    const { code, detail } = resolution.refusal;
    trail.push({ code: 'refused', fits: false, sentence: `${code}: ${detail}` });
  }
  return trail;
}

function find(dialled: Dialled, facts: ResolveFacts, trail: Trail): Resolution {
  switch (dialled.kind) {
    case 'own':
      return findOwn(dialled.number, dialled.context.from, facts, trail);
    case 'pstn':
      return findTelephone(dialled.number, facts, trail);
    case 'operator':
      return findAtOperator(dialled, facts, trail);
    case 'email':
      return findAddress(dialled, facts, trail);
    case 'domain':
      return findDomain(dialled, dialled.context.from, facts, trail);
    case 'emergency':
      return accept({ kind: 'emergency', number: dialled.number, country: dialled.country });
    case 'ambiguous':
      return refuse('number-ambiguous', `It may be ${dialled.readings.map(wordsOf).join(', or ')}.`);
    case 'incomplete':
      return refuse('number-incomplete', dialled.detail);
    case 'unknown':
      return refuse('number-unknown', dialled.detail);
  }
}

function findOwn(
  number: PersonalNumber | EnterpriseNumber | HeldAlias,
  callerFrom: CountryCode,
  facts: ResolveFacts,
  trail: Trail,
): Resolution {
  switch (number.kind) {
    case 'enterprise':
      return findBranch(number, callerFrom, facts, trail);
    case 'personal':
      return findPerson(number, facts, trail);
    case 'alias': {
      const alias = facts.aliasOf('operator', number.digits);
      trail?.push(aliasDecision(alias));
      if (alias !== undefined) return terminalsOf(alias.memberId, facts, trail);
      return refuse('number-not-in-service', `Nobody holds ${number.digits}.`);
    }
  }
}

/** A personal number that nobody holds is its country's telephone number still (R16). */
function findPerson(number: PersonalNumber, facts: ResolveFacts, trail: Trail): Resolution {
  const memberId = facts.holderOf('personal', number.digits);
  trail?.push(holderDecision(memberId));
  if (memberId !== undefined) return terminalsOf(memberId, facts, trail);
  const telephone = pstnNumberOf(number);
  if (telephone !== undefined) return findTelephone(telephone, facts, trail);
  return refuse('number-not-in-service', `Nobody holds ${formatPersonalNumber(number)}.`);
}

/** A telephone number: of one of our voices, of a member who kept it (R19) or bought it as a PIN, or of a stranger. */
function findTelephone(number: E164, facts: ResolveFacts, trail: Trail): Resolution {
  const centre = facts.accessCentreOf(number);
  if (centre !== undefined) return accept({ kind: 'access', centre });
  const alias = facts.aliasOf('pstn', number);
  trail?.push(aliasDecision(alias));
  if (alias !== undefined) return terminalsOf(alias.memberId, facts, trail);
  const personal = personalNumberOf(number);
  const memberId = personal === undefined ? undefined : facts.holderOf('personal', personal.digits);
  if (memberId !== undefined) {
    trail?.push(holderDecision(memberId));
    return terminalsOf(memberId, facts, trail);
  }
  trail?.push(strangerDecision(`It is the telephone ${number}, of nobody among the members.`));
  return accept({ kind: 'pstn', number });
}

function findAtOperator(
  { operatorId, digits, converted }: Dialled & { readonly kind: 'operator' },
  facts: ResolveFacts,
  trail: Trail,
): Resolution {
  const alias = facts.aliasOf('operator', digits, operatorId);
  trail?.push(aliasDecision(alias));
  if (alias !== undefined) return terminalsOf(alias.memberId, facts, trail);
  trail?.push(strangerDecision(`It is a number of the operator ${operatorId}, of nobody among the members.`));
  return accept({ kind: 'operator', operatorId, digits, converted });
}

/** An address typed by itself means a member first; `sip:` before it means just that URI. */
function findAddress(
  { address, meaning, uri }: Address & { readonly kind: 'email' },
  facts: ResolveFacts,
  trail: Trail,
): Resolution {
  const alias = meaning === 'uri' ? undefined : facts.aliasOf('email', address.toLowerCase());
  if (meaning !== 'uri') trail?.push(aliasDecision(alias));
  if (alias !== undefined) return terminalsOf(alias.memberId, facts, trail);
  if (uri === undefined) return refuse('number-not-in-service', `Nobody is reached under ${address}.`);
  return strangersAddress(uri, facts, trail);
}

function findDomain(
  { domain, uri }: Address & { readonly kind: 'domain' },
  callerFrom: CountryCode,
  facts: ResolveFacts,
  trail: Trail,
): Resolution {
  const alias = uri === undefined ? facts.aliasOf('domain', domain) : undefined;
  if (uri === undefined) trail?.push(aliasDecision(alias));
  if (alias === undefined) return strangersAddress(uri ?? `sip:${domain}`, facts, trail);
  const { memberId, fallbackCountryCode } = alias;
  const hasOwn = facts.branchOf(memberId, callerFrom);
  const branch = hasOwn ? callerFrom : fallbackCountryCode;
  const fits = branch !== undefined && facts.branchOf(memberId, branch);
  trail?.push({
    code: 'branch',
    fits,
    sentence: hasOwn
      ? `The enterprise has a branch in ${callerFrom}, the country of the caller.`
      : `The enterprise has no branch in ${callerFrom}; its domain leads to ${branch ?? 'no other one'}.`,
  });
  if (!fits) {
    return refuse(
      'branch-not-chosen',
      `The enterprise of ${domain} has no branch in the caller’s country: dial its number, # and the country code of a branch.`,
    );
  }
  return branchTerminals(memberId, branch, facts, trail);
}

function strangersAddress(uri: string, facts: ResolveFacts, trail: Trail): Resolution {
  trail?.push(strangerDecision(`It is the address ${uri}, of nobody among the members.`));
  if (facts.callsStrangers) return accept({ kind: 'address', uri });
  return refuse('address-not-called', 'Addresses of people who are no members are not called here.');
}

function terminalsOf(memberId: string, facts: ResolveFacts, trail: Trail): Resolution {
  const terminals = facts.terminalsOf(memberId);
  trail?.push(terminalsDecision(terminals));
  return accept({ kind: 'member-terminals', memberId, terminals });
}

function branchTerminals(
  memberId: string,
  branchCountryCode: CountryCode,
  facts: ResolveFacts,
  trail: Trail,
): Resolution {
  const terminals = facts.terminalsOf(memberId, branchCountryCode);
  trail?.push(terminalsDecision(terminals));
  return accept({ kind: 'branch-terminals', memberId, branchCountryCode, terminals });
}

/** The branch after the `#`; without one, that of the caller's own country, since it is the nearest meant. */
function findBranch(
  number: EnterpriseNumber,
  callerFrom: CountryCode,
  facts: ResolveFacts,
  trail: Trail,
): Resolution {
  const memberId = facts.holderOf('enterprise', number.digits);
  trail?.push(holderDecision(memberId));
  if (memberId === undefined) {
    return refuse('number-not-in-service', `Nobody holds ${formatEnterpriseNumber(number)}.`);
  }
  const branchCountryCode = number.branchCountryCode ?? callerFrom;
  const fits = facts.branchOf(memberId, branchCountryCode);
  trail?.push({
    code: 'branch',
    fits,
    sentence: `The enterprise has ${fits ? 'a' : 'no'} branch in ${branchCountryCode}, the country ${number.branchCountryCode === undefined ? 'of the caller' : 'after #'}.`,
  });
  if (!fits) return noBranch(number, branchCountryCode);
  return branchTerminals(memberId, branchCountryCode, facts, trail);
}

function noBranch(number: EnterpriseNumber, countryCode: CountryCode): Resolution {
  const text = formatEnterpriseNumber(number);
  if (number.branchCountryCode !== undefined) {
    return refuse('branch-not-found', `The enterprise of ${text} has no branch in ${countryCode}.`);
  }
  return refuse(
    'branch-not-chosen',
    `The enterprise of ${text} has no branch in the caller’s country: dial ${text}# and the country code of a branch.`,
  );
}

function aliasDecision(alias: AliasFact | undefined): Decision {
  const sentence =
    alias === undefined
      ? 'No member has it as a number kept or as a name.'
      : `The member ${alias.memberId} has proven that it is theirs.`;
  return { code: 'alias', fits: alias !== undefined, sentence };
}

function strangerDecision(sentence: string): Decision {
  return { code: 'stranger', fits: true, sentence };
}

function holderDecision(memberId: string | undefined): Decision {
  const fits = memberId !== undefined;
  return { code: 'holder', fits, sentence: fits ? `The member ${memberId} holds it.` : 'Nobody holds it.' };
}

function terminalsDecision(terminals: readonly string[]): Decision {
  const fits = terminals.length > 0;
  return {
    code: 'terminals',
    fits,
    sentence: fits ? `It rings ${terminals.join(', ')}.` : 'There is no terminal to ring.',
  };
}

function wordsOf(reading: PlanReading): string {
  switch (reading.kind) {
    case 'pstn':
      return `the telephone number ${reading.number}`;
    case 'operator':
      return `the number ${reading.digits} of the operator ${reading.operatorId}`;
    case 'own':
      return reading.number.kind === 'personal'
        ? `the personal number ${formatPersonalNumber(reading.number)}`
        : `the number ${reading.number.digits}`;
  }
}
