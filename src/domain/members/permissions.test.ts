import { describe, expect, it } from 'vitest';
import type { Actor } from './account.ts';
import { actorOf } from './account.ts';
import { type Action, mayDo, permit } from './permissions.ts';

const ACTORS = {
  visitor: { role: 'visitor' },
  newcomer: { role: 'newcomer', userId: 'user' },
  individual: { role: 'individual', userId: 'user', memberId: 'own' },
  administrator: { role: 'enterprise-administrator', userId: 'user', memberId: 'own' },
  agent: { role: 'enterprise-agent', userId: 'user', memberId: 'own' },
  operator: { role: 'operator', userId: 'user' },
  service: { role: 'service' },
} as const satisfies Record<string, Actor>;

/** Everyone who may do something with what is their own, with somebody else's, and with nobody's. */
function whoMay(action: Action): string {
  const reaches = (['own', 'other', undefined] as const).map((memberId) => {
    const names = Object.entries(ACTORS).filter(([, actor]) => mayDo(actor, action, memberId));
    return names.map(([name]) => name).join(' ');
  });
  return reaches.join(' | ');
}

const OWN = 'operator | operator | operator';

describe('R10: who may do what: with their own | with somebody else’s | with nobody’s', () => {
  it.each<[Action, string]>([
    ['set-catalogue', 'operator service | operator service | operator service'],
    ['buy-number', `individual administrator ${OWN}`],
    ['see-orders', `individual administrator ${OWN}`],
    ['record-payment', 'operator service | operator service | operator service'],
    ['see-payments', OWN],
    ['see-balance', `individual administrator ${OWN}`],
    ['top-up', `individual administrator ${OWN}`],
    ['see-ledger', OWN],
    ['adjust-ledger', OWN],
    ['register-member', 'newcomer operator service | newcomer operator service | newcomer operator service'],
    ['see-member', `individual administrator agent ${OWN}`],
    ['change-member', `individual administrator ${OWN}`],
    ['list-members', OWN],
    ['change-branches', `administrator ${OWN}`],
    ['see-terminals', `individual administrator agent ${OWN}`],
    ['change-terminals', `individual administrator ${OWN}`],
    ['see-accounts', `individual administrator ${OWN}`],
    ['change-accounts', 'administrator operator service | operator service | operator service'],
    ['change-operators', 'operator service | operator service | operator service'],
    ['see-calls', `individual administrator agent ${OWN}`],
    ['see-charges', `individual administrator ${OWN}`],
    ['correct-charges', OWN],
    ['see-settlements', OWN],
    ['settle', OWN],
    ['see-margins', OWN],
    ['see-documents', `individual administrator ${OWN}`],
    ['set-tariffs', 'operator service | operator service | operator service'],
    ['watch-exchange', OWN],
    ['lift-blocks', OWN],
    ['see-webhooks', `individual administrator ${OWN}`],
    ['change-webhooks', `individual administrator ${OWN}`],
  ])('%s: %s', (action, expected) => {
    expect(whoMay(action)).toBe(expected);
  });

  it('a refusal does not tell what exists', () => {
    const { individual, visitor, agent } = ACTORS;
    expect(permit(individual, 'see-orders', 'other')).toMatchObject({ refusal: { code: 'not-found' } });
    expect(permit(individual, 'see-orders', 'other')).toEqual(permit(individual, 'see-orders', undefined));
    expect(permit(visitor, 'see-orders', 'own')).toMatchObject({ refusal: { code: 'not-signed-in' } });
    expect(permit(agent, 'buy-number', 'own')).toMatchObject({ refusal: { code: 'not-permitted' } });
  });

  it('an account without a member is nobody yet, except an operator', () => {
    expect(actorOf('user', undefined)).toEqual(ACTORS.newcomer);
    const account = { userId: 'user', createdAtMs: 0 };
    expect(actorOf('user', { ...account, role: 'individual' })).toEqual(ACTORS.newcomer);
    expect(actorOf('user', { ...account, role: 'operator' })).toEqual(ACTORS.operator);
    expect(actorOf('user', { ...account, role: 'enterprise-agent', memberId: 'own' })).toEqual(ACTORS.agent);
  });
});
