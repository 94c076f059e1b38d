import {
  type CountryCode,
  type Dialled,
  type EnterpriseNumber,
  explainDialled,
  formatEnterpriseNumber,
  formatPersonalNumber,
  type HeldAlias,
  type HeldAs,
  type PersonalNumber,
  type PlanReading,
  pstnNumberOf,
  type StepCode,
} from '../numbering/index.ts';
import { accept, type Result, refuse } from '../refusal/index.ts';
import type { ResolveRefusalCode } from './answers.ts';

/** What the exchange knows of numbers, members and terminals: pure look-ups that return ids. */
export type ResolveFacts = {
  /** The member who holds exactly these digits as this kind of number. */
  readonly holderOf: (kind: HeldAs, digits: string) => string | undefined;
  /** Whether a member has a branch in a country. */
  readonly branchOf: (memberId: string, countryCode: CountryCode) => boolean;
  /** The terminals of a member, or those of one branch; empty where there are none. */
  readonly terminalsOf: (memberId: string, branchCountryCode?: CountryCode) => readonly string[];
};

/** Whom a call goes to (R13). Whether a terminal can be reached just now is another question. */
export type Destination =
  | { readonly kind: 'member-terminals'; readonly memberId: string; readonly terminals: readonly string[] }
  | {
      readonly kind: 'branch-terminals';
      readonly memberId: string;
      readonly branchCountryCode: CountryCode;
      readonly terminals: readonly string[];
    };

export type Resolution = Result<Destination, ResolveRefusalCode>;

/** One decision on the way from what was dialled to whom it reaches, in the order they were taken. */
export type Decision = {
  readonly code: StepCode | 'holder' | 'branch' | 'terminals' | 'refused';
  readonly fits: boolean;
  readonly sentence: string;
};

type Trail = Decision[] | undefined;

/**
 * Finds whom a dialled number reaches (R13): a personal number all terminals of its member, an enterprise number
 * those of the branch that the country code after `#` picks (R3).
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
      return dialled.number.kind === 'enterprise'
        ? findBranch(dialled.number, dialled.context.from, facts, trail)
        : findMember(dialled.number, facts, trail);
    case 'ambiguous':
      return refuse('number-ambiguous', `It may be ${dialled.readings.map(wordsOf).join(', or ')}.`);
    case 'incomplete':
      return refuse('number-incomplete', dialled.detail);
    case 'unknown':
      return refuse('number-unknown', dialled.detail);
    case 'emergency':
      return refuse(
        'destination-not-served',
        `This service does not connect emergency calls yet: dial ${dialled.number} on another telephone.`,
      );
    case 'pstn':
    case 'operator':
      return refuse(
        'destination-not-served',
        `It is ${wordsOf(dialled)}, which is not connected by this release.`,
      );
    case 'domain':
      return refuse(
        'destination-not-served',
        `It is the domain ${dialled.domain}; domains are not connected by this release.`,
      );
    case 'email':
      return refuse(
        'destination-not-served',
        `It is the address ${dialled.address}; addresses are not connected by this release.`,
      );
  }
}

/** A personal number, or a number the member had before (R19): all terminals of the member. */
function findMember(number: PersonalNumber | HeldAlias, facts: ResolveFacts, trail: Trail): Resolution {
  const memberId = facts.holderOf(number.kind, number.digits);
  trail?.push(holderDecision(memberId));
  if (memberId === undefined) return refuse('number-not-in-service', notInService(number));
  const terminals = facts.terminalsOf(memberId);
  trail?.push(terminalsDecision(terminals));
  return accept({ kind: 'member-terminals', memberId, terminals });
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
  const terminals = facts.terminalsOf(memberId, branchCountryCode);
  trail?.push(terminalsDecision(terminals));
  return accept({ kind: 'branch-terminals', memberId, branchCountryCode, terminals });
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

function notInService(number: PersonalNumber | HeldAlias): string {
  if (number.kind === 'alias') return `Nobody holds ${number.digits}.`;
  const pstn = pstnNumberOf(number);
  const outside =
    pstn === undefined ? '' : ` The telephone ${pstn} it names (R16) is not called by this release.`;
  return `Nobody holds ${formatPersonalNumber(number)}.${outside}`;
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
