import { accept, type Result, refuse } from '../refusal/index.ts';
import type { Actor } from './account.ts';

/** How far a role's right to do something goes: for its own member only, or for everyone's. */
type Reach = 'own' | 'any';

/** Everything that somebody may or may not do. */
export type Action =
  | 'set-catalogue'
  | 'buy-number'
  | 'see-orders'
  | 'record-payment'
  | 'see-payments'
  | 'see-balance'
  | 'top-up'
  | 'see-ledger'
  | 'adjust-ledger'
  | 'register-member'
  | 'see-member'
  | 'change-member'
  | 'list-members'
  | 'change-branches'
  | 'see-aliases'
  | 'change-aliases'
  | 'see-terminals'
  | 'change-terminals'
  | 'see-accounts'
  | 'change-accounts'
  | 'change-operators'
  | 'see-calls'
  | 'see-charges'
  | 'correct-charges'
  | 'see-settlements'
  | 'settle'
  | 'see-margins'
  | 'set-up-network'
  | 'set-calling-terms'
  | 'set-tariffs'
  | 'watch-exchange'
  | 'lift-blocks'
  | 'see-documents'
  | 'see-webhooks'
  | 'change-webhooks';

/** Who may do what. What is not written here is not allowed. */
const MAY: Readonly<Record<Actor['role'], Readonly<Partial<Record<Action, Reach>>>>> = {
  visitor: {},
  // Whoever registers becomes the new member's own account: there is no other's thing to reach.
  newcomer: { 'register-member': 'any' },
  individual: {
    'buy-number': 'own',
    'see-orders': 'own',
    'see-balance': 'own',
    'top-up': 'own',
    'see-member': 'own',
    'change-member': 'own',
    'see-aliases': 'own',
    'change-aliases': 'own',
    'see-terminals': 'own',
    'change-terminals': 'own',
    'see-accounts': 'own',
    'see-calls': 'own',
    'see-charges': 'own',
    'see-documents': 'own',
    'see-webhooks': 'own',
    'change-webhooks': 'own',
  },
  'enterprise-administrator': {
    'buy-number': 'own',
    'see-orders': 'own',
    'see-balance': 'own',
    'top-up': 'own',
    'see-member': 'own',
    'change-member': 'own',
    'see-aliases': 'own',
    'change-aliases': 'own',
    'change-branches': 'own',
    'see-terminals': 'own',
    'change-terminals': 'own',
    'see-accounts': 'own',
    'change-accounts': 'own',
    'see-calls': 'own',
    'see-charges': 'own',
    'see-documents': 'own',
    'see-webhooks': 'own',
    'change-webhooks': 'own',
  },
  'enterprise-agent': {
    'see-member': 'own',
    'see-aliases': 'own',
    'see-terminals': 'own',
    'see-calls': 'own',
  },
  operator: {
    'set-catalogue': 'any',
    'buy-number': 'any',
    'see-orders': 'any',
    'record-payment': 'any',
    'see-payments': 'any',
    'see-balance': 'any',
    'top-up': 'any',
    'see-ledger': 'any',
    'adjust-ledger': 'any',
    'register-member': 'any',
    'see-member': 'any',
    'change-member': 'any',
    'list-members': 'any',
    'change-branches': 'any',
    'see-aliases': 'any',
    'change-aliases': 'any',
    'see-terminals': 'any',
    'change-terminals': 'any',
    'see-accounts': 'any',
    'change-accounts': 'any',
    'change-operators': 'any',
    'see-calls': 'any',
    'see-charges': 'any',
    'correct-charges': 'any',
    'see-settlements': 'any',
    settle: 'any',
    'see-margins': 'any',
    'set-up-network': 'any',
    'watch-exchange': 'any',
    'lift-blocks': 'any',
    'set-calling-terms': 'any',
    'set-tariffs': 'any',
    'see-documents': 'any',
    'see-webhooks': 'any',
    'change-webhooks': 'any',
  },
  service: {
    'set-catalogue': 'any',
    'set-up-network': 'any',
    'record-payment': 'any',
    'set-tariffs': 'any',
    'register-member': 'any',
    'change-accounts': 'any',
    'change-operators': 'any',
  },
};

/**
 * Whether somebody may do something.
 * @param memberId whose thing it is; undefined where it is nobody's, which only `any` reaches
 */
export function mayDo(actor: Actor, action: Action, memberId?: string): boolean {
  const reach = MAY[actor.role][action];
  return reach === 'any' || (reach === 'own' && memberId !== undefined && memberId === memberIdOf(actor));
}

/**
 * The same as a result. A thing of somebody else's is refused as `not-found`, in the words for what does not
 * exist, so that nobody learns from a refusal which ids there are.
 */
export function permit(
  actor: Actor,
  action: Action,
  memberId?: string,
): Result<Actor, 'not-signed-in' | 'not-permitted' | 'not-found'> {
  if (mayDo(actor, action, memberId)) return accept(actor);
  if (actor.role === 'visitor') return refuse('not-signed-in', 'Sign in, or send an API key.');
  if (MAY[actor.role][action] === undefined) {
    return refuse('not-permitted', `As ${actor.role} you may not ${action.replaceAll('-', ' ')}.`);
  }
  return notFound();
}

/** The refusal for what does not exist, or is somebody else's. @param detail where nobody is kept from knowing which */
export function notFound(
  detail = 'There is nothing with this id, or it is not yours.',
): Result<never, 'not-found'> {
  return refuse('not-found', detail);
}

/** The member somebody acts for; undefined of operators and those who have no member. */
export function memberIdOf(actor: Actor): string | undefined {
  return 'memberId' in actor ? actor.memberId : undefined;
}
