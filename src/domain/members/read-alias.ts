import { parseE164, readDomain, readMailbox } from '../numbering/index.ts';
import { accept, type Result, refuse } from '../refusal/index.ts';
import type { AliasKind, AliasName } from './alias.ts';
import type { MemberKind } from './member.ts';

/** What a member says leads to it, as it was written. */
export type WrittenAlias = {
  readonly kind: AliasKind;
  readonly value: string;
  readonly operatorId?: string | undefined;
};

/** What each kind of member may be reached by: an address names a person, a domain an enterprise (R17). */
const MAY_HOLD: Readonly<Record<MemberKind, readonly AliasKind[]>> = {
  individual: ['pstn', 'operator', 'email'],
  enterprise: ['pstn', 'domain'],
};

/** Shorter ones are taken by services, and emergency services, of some country; longer ones are no numbers. */
const OPERATORS_NUMBER = /^\d{6,20}$/;

const ASCII = /^[\x21-\x7e]+$/;

export type AliasRefusalCode =
  | 'alias-kind-refused'
  | 'domain-invalid'
  | 'e164-malformed'
  | 'email-invalid'
  | 'request-invalid';

/**
 * Reads what a member says leads to it into its one canonical form. Numbers may have separators; domains are turned
 * into A-labels, so that what looks like another domain is not taken for it.
 * @returns refused with a pointer to the field
 */
export function readAliasName(
  memberKind: MemberKind,
  { kind, value, operatorId }: WrittenAlias,
): Result<AliasName, AliasRefusalCode> {
  if (!MAY_HOLD[memberKind].includes(kind)) {
    const allowed = MAY_HOLD[memberKind].join(', ');
    return refuse('alias-kind-refused', `An ${memberKind} may have: ${allowed}.`, '/kind');
  }
  if ((kind === 'operator') !== (operatorId !== undefined)) {
    const detail = 'Name the operator of an operator’s number, and of nothing else.';
    return refuse('request-invalid', detail, '/operatorId');
  }
  switch (kind) {
    case 'pstn': {
      const number = parseE164(value);
      if (number.ok) return accept({ kind, value: number.value });
      return refuse('e164-malformed', number.refusal.detail, '/value');
    }
    case 'operator':
      return readOperatorsNumber(value, operatorId ?? '');
    case 'email':
      return readEmail(value);
    case 'domain': {
      const domain = readDomain(value.trim());
      if (domain !== undefined) return accept({ kind, value: domain });
      return refuse('domain-invalid', `"${value}" is no domain name, as acme.example.`, '/value');
    }
  }
}

function readOperatorsNumber(
  value: string,
  operatorId: string,
): Result<AliasName & { kind: 'operator' }, 'request-invalid'> {
  const digits = value.replaceAll(/[\s().-]/g, '');
  if (!OPERATORS_NUMBER.test(digits)) {
    return refuse('request-invalid', 'Write the number in digits, as it is dialled.', '/value');
  }
  return accept({ kind: 'operator', value: digits, operatorId });
}

/** Letters of other scripts before the `@` are refused: hardly any mail server takes them (RFC 6531). */
function readEmail(value: string): Result<AliasName, 'email-invalid'> {
  const mailbox = readMailbox(value.trim(), 'member');
  const address = mailbox?.kind === 'email' ? mailbox.address.toLowerCase() : '';
  if (!ASCII.test(address) || address.length > 254) {
    return refuse('email-invalid', `"${value}" is not an e-mail address that mail can be sent to.`, '/value');
  }
  return accept({ kind: 'email', value: address });
}
