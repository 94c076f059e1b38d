export { type Account, type Actor, type ApiKey, actorOf, ROLES, type Role } from './account.ts';
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
