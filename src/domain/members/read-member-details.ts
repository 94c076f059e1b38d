import { parseE164 } from '../numbering/index.ts';
import { accept, type Result, refuse } from '../refusal/index.ts';
import type { Identity, Language, Member, NumberElsewhere } from './member.ts';

/** What a member tells of itself, as it was written into the form (R10). */
export type MemberForm = {
  readonly identity: Identity;
  readonly language: Language;
  readonly email: string;
  readonly reachableNumber: string;
  readonly numbersElsewhere?: readonly NumberElsewhere[];
};

/** What the form says, checked: the part of a member that the member may change. */
export type MemberDetails = Pick<
  Member,
  'identity' | 'language' | 'email' | 'reachableNumber' | 'numbersElsewhere'
>;

/** Longer texts are not names or addresses. */
const LONGEST_TEXT = 300;
const MOST_NUMBERS_ELSEWHERE = 20;

/** One `@`, something before it, and a domain with a dot behind it: whether it exists shows when mail arrives. */
const EMAIL = /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/;

/**
 * Reads the registration form.
 * @returns refused with `request-invalid`, `email-invalid` or `e164-malformed`, each with a pointer to the field
 */
export function readMemberDetails(
  form: MemberForm,
): Result<MemberDetails, 'request-invalid' | 'email-invalid' | 'e164-malformed'> {
  const { name, address, documentReference } = form.identity;
  const elsewhere = form.numbersElsewhere ?? [];
  const texts: readonly (readonly [string, string])[] = [
    ['/identity/name', name],
    ['/identity/address', address],
    ...(documentReference === undefined ? [] : [['/identity/documentReference', documentReference] as const]),
    ...elsewhere.flatMap(({ operator, number }, at) => [
      [`/numbersElsewhere/${at}/operator`, operator] as const,
      [`/numbersElsewhere/${at}/number`, number] as const,
    ]),
  ];
  const unreadable = texts.find(([, text]) => !isText(text));
  if (unreadable !== undefined) {
    return refuse('request-invalid', `Write something of at most ${LONGEST_TEXT} characters.`, unreadable[0]);
  }
  if (elsewhere.length > MOST_NUMBERS_ELSEWHERE) {
    return refuse('request-invalid', `At most ${MOST_NUMBERS_ELSEWHERE} numbers.`, '/numbersElsewhere');
  }
  const email = form.email.trim().toLowerCase();
  if (!EMAIL.test(email) || email.length > 254 || !isText(email)) {
    return refuse('email-invalid', `"${form.email}" is not an e-mail address.`, '/email');
  }
  const reachable = parseE164(form.reachableNumber);
  if (!reachable.ok) return refuse('e164-malformed', reachable.refusal.detail, '/reachableNumber');
  return accept({
    identity: {
      name: name.trim(),
      address: address.trim(),
      ...(documentReference === undefined ? {} : { documentReference: documentReference.trim() }),
    },
    language: form.language,
    email,
    reachableNumber: reachable.value,
    numbersElsewhere: elsewhere.map(({ operator, number }) => ({
      operator: operator.trim(),
      number: number.trim(),
    })),
  });
}

/** Whether a text says something and has no control characters, which PostgreSQL and mails do not take. */
export function isText(text: string): boolean {
  const length = text.trim().length;
  return length > 0 && length <= LONGEST_TEXT && !/\p{Cc}/u.test(text);
}
