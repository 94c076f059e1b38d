import { z } from 'zod';
import {
  type Branch,
  LANGUAGES,
  type Member,
  type MemberForm,
  type Terminal,
} from '../../domain/members/index.ts';
import { definite } from './definite.ts';
import { time, timeText } from './responses.ts';
import { words } from './shapes.ts';

export const memberKind = z.enum(['individual', 'enterprise']);

const LONGEST_TEXT = 300;

const identityAsked = z.strictObject({
  name: words(LONGEST_TEXT).describe('Your name, or the name of the firm.'),
  address: words(LONGEST_TEXT),
  documentReference: words(LONGEST_TEXT)
    .optional()
    .describe('Number of an identity card, passport or registration.'),
});

/** The registration form (R10). */
export const memberForm = z.strictObject({
  identity: identityAsked,
  language: z.enum(LANGUAGES),
  email: words(254),
  reachableNumber: words(40).describe('A telephone where you can be reached, E.164: `+82262006200`.'),
  numbersElsewhere: z
    .array(z.strictObject({ operator: words(LONGEST_TEXT), number: words(LONGEST_TEXT) }))
    .max(20)
    .optional(),
});

/** Parts of the form: what is left out stays. */
export const memberChange = memberForm.partial().extend({ identity: identityAsked.partial().optional() });

export const memberShown = z
  .object({
    id: z.string(),
    kind: memberKind,
    identity: z.object({ name: z.string(), address: z.string(), documentReference: z.string().optional() }),
    language: z.enum(LANGUAGES),
    email: z.string(),
    reachableNumber: z.string(),
    numbersElsewhere: z.array(z.object({ operator: z.string(), number: z.string() })),
    registeredAt: time,
  })
  .meta({ id: 'Member' });

export function shownMember({
  registeredAtMs,
  numbersElsewhere,
  ...member
}: Member): z.infer<typeof memberShown> {
  return {
    ...member,
    numbersElsewhere: numbersElsewhere.map((held) => ({ ...held })),
    registeredAt: timeText(registeredAtMs),
  };
}

/** The form as the services read it. */
export function formOf({ identity, ...form }: z.infer<typeof memberForm>): MemberForm {
  return definite({ ...form, identity: definite(identity) });
}

/** The whole form after a change: what the change leaves out is as it was. */
export function changedForm(member: Member, change: z.infer<typeof memberChange>): MemberForm {
  const { identity, language, email, reachableNumber, numbersElsewhere } = member;
  const before = { identity, language, email, reachableNumber, numbersElsewhere };
  return { ...before, ...definite(change), identity: { ...identity, ...definite(change.identity ?? {}) } };
}

export const branchShown = z
  .object({ memberId: z.string(), countryCode: z.string(), name: z.string(), openedAt: time })
  .meta({ id: 'Branch' });

export function shownBranch({ openedAtMs, ...branch }: Branch): z.infer<typeof branchShown> {
  return { ...branch, openedAt: timeText(openedAtMs) };
}

export const terminalShown = z
  .object({
    id: z.string(),
    memberId: z.string(),
    name: z.string(),
    countryCode: z.string().describe('Where it is.'),
    branchCountryCode: z.string().optional().describe('The branch it rings for.'),
    user: z.string().describe('SIP user name.'),
    addedAt: time,
  })
  .meta({ id: 'Terminal' });

export function shownTerminal({
  secrets: _,
  addedAtMs,
  ...terminal
}: Terminal): z.infer<typeof terminalShown> {
  return { ...terminal, addedAt: timeText(addedAtMs) };
}

export const terminalWithPassword = z
  .object({
    terminal: terminalShown,
    password: z.string().describe('Shown this once, and not kept.'),
    realm: z.string().describe('Of digest authentication.'),
  })
  .meta({ id: 'TerminalWithPassword' });
