export { type Account, type Actor, type ApiKey, actorOf, ROLES, type Role } from './account.ts';
export {
  ALIAS_KINDS,
  type Alias,
  type AliasFact,
  type AliasKind,
  type AliasName,
  aliasFactOf,
  aliasNameOf,
  type FollowMe,
} from './alias.ts';
export {
  type AliasEffect,
  type AliasInput,
  type AliasProof,
  CLAIM_TERM_MS,
  type LapseReason,
  leadsToMember,
  nextCheckAtMs,
  stepProof,
} from './alias-proof.ts';
export type { FormField } from './form-field.ts';
export {
  type Branch,
  type Identity,
  LANGUAGES,
  type Language,
  type Member,
  type MemberKind,
  type NumberElsewhere,
  type Terminal,
} from './member.ts';
export { type Action, mayDo, memberIdOf, notFound, permit } from './permissions.ts';
export { readAliasName, type WrittenAlias } from './read-alias.ts';
export { isText, type MemberDetails, type MemberForm, readMemberDetails } from './read-member-details.ts';
export { readableCode } from './readable-code.ts';
export { REGISTRATION_FORM } from './registration-form.ts';
