import { expect, it } from 'vitest';
import { actorOf } from '../../src/domain/members/index.ts';
import { addTerminal } from '../../src/services/add-terminal.ts';
import { authenticateApiKey } from '../../src/services/authenticate-api-key.ts';
import { closeBranch } from '../../src/services/close-branch.ts';
import { createAccount } from '../../src/services/create-account.ts';
import { createApiKey, listApiKeys } from '../../src/services/create-api-key.ts';
import { findActor, listAccounts } from '../../src/services/find-actor.ts';
import { findMember, listMembers } from '../../src/services/find-member.ts';
import { findTerminal } from '../../src/services/find-terminal.ts';
import { openBranch } from '../../src/services/open-branch.ts';
import { registerMember } from '../../src/services/register-member.ts';
import { removeAccount } from '../../src/services/remove-account.ts';
import { removeTerminal } from '../../src/services/remove-terminal.ts';
import { replaceTerminalPassword } from '../../src/services/replace-terminal-password.ts';
import { revokeApiKey } from '../../src/services/revoke-api-key.ts';
import { updateMember } from '../../src/services/update-member.ts';
import { updateTerminal } from '../../src/services/update-terminal.ts';
import { describeStores, type OpenStores } from '../support/market-stores.ts';
import {
  accepted,
  OPERATOR,
  refusedWith,
  type ServiceWorld,
  serviceWorld,
  somebody,
} from '../support/service-world.ts';

describeStores('members', contract);

const FORM = {
  identity: { name: '김미나', address: '서울특별시 세종대로 1', documentReference: 'M12345678' },
  language: 'ko',
  email: 'Mina@Mail.Example',
  reachableNumber: '+82 (0)2-6200-6200',
  numbersElsewhere: [
    { operator: 'Dialpad', number: '070-1234-5678' },
    { operator: 'O\'Hara \\ "VoIP"', number: '700 1' },
  ],
} as const;

async function all<Item>(batches: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const batch of batches) items.push(...batch);
  return items;
}

async function enterprise(world: ServiceWorld) {
  const firm = await somebody(world, 'firm', 'enterprise');
  const branch = { ...firm, name: 'Seoul office', countryCode: '082' };
  accepted(await openBranch(world, branch));
  return { firm, branch };
}

function contract(open: OpenStores): void {
  it('R10, R11: what a member enters is stored, and shown as it was stored', async () => {
    const world = serviceWorld(await open());
    const newcomer = { role: 'newcomer', userId: 'mina' } as const;
    const member = accepted(await registerMember(world, { actor: newcomer, kind: 'individual', ...FORM }));
    expect(member).toMatchObject({
      kind: 'individual',
      ...FORM,
      email: 'mina@mail.example',
      reachableNumber: '+82262006200',
    });
    const actor = await findActor(world, 'mina');
    expect(actor).toEqual({ role: 'individual', userId: 'mina', memberId: member.id });
    const shown = accepted(await findMember(world, { actor, memberId: member.id }));
    expect(shown).toEqual({ member, numbers: [], branches: [], terminals: [] });
    const { documentReference: _, ...identity } = { ...FORM.identity, name: 'Mina Kim' };
    const changes = { ...FORM, identity, language: 'ja', numbersElsewhere: [] } as const;
    const changed = accepted(await updateMember(world, { actor, memberId: member.id, ...changes }));
    expect(accepted(await findMember(world, { actor, memberId: member.id })).member).toEqual(changed);
    expect(changed).toEqual({ ...member, identity, language: 'ja', numbersElsewhere: [] });
  });

  it('R11: a registration that is sent twenty times at once makes one member', async () => {
    const world = serviceWorld(await open());
    const command = { actor: { role: 'newcomer', userId: 'mina' }, kind: 'individual', ...FORM } as const;
    const answers = await Promise.all(Array.from({ length: 20 }, () => registerMember(world, command)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter(({ ok }) => !ok).map(refusedWith)).toEqual(Array(19).fill('account-exists'));
    expect(accepted(await listMembers(world, { actor: OPERATOR })).items).toHaveLength(1);
  });

  it('R11: members are listed newest first, page after page, for operators', async () => {
    const world = serviceWorld(await open());
    const people: string[] = [];
    for (const name of ['one', 'two', 'three']) people.unshift((await somebody(world, name)).memberId);
    await somebody(world, 'firm', 'enterprise');
    const query = { actor: OPERATOR, kind: 'individual', limit: 2 } as const;
    const page = accepted(await listMembers(world, query));
    const rest = accepted(await listMembers(world, { ...query, after: page.next ?? '' }));
    expect([...page.items, ...rest.items].map(({ id }) => id)).toEqual(people);
    expect(rest.next).toBeUndefined();
  });

  it('R3: an enterprise opens a branch a country, and closes it when nothing rings there', async () => {
    const world = serviceWorld(await open());
    const { firm, branch } = await enterprise(world);
    expect(refusedWith(await openBranch(world, branch))).toBe('branch-already-open');
    accepted(await openBranch(world, { ...branch, countryCode: '001', name: 'New York' }));
    const { branches } = accepted(await findMember(world, firm));
    expect(branches.map(({ countryCode, name }) => `${countryCode} ${name}`)).toEqual([
      '001 New York',
      '082 Seoul office',
    ]);
    expect(await all(world.directory.branches())).toEqual(
      expect.arrayContaining(branches.map(({ memberId, countryCode }) => ({ memberId, countryCode }))),
    );
    const { terminal } = accepted(
      await addTerminal(world, { ...firm, name: 'reception', countryCode: '082' }),
    );
    expect(refusedWith(await closeBranch(world, branch))).toBe('branch-has-terminals');
    const removal = { actor: firm.actor, terminalId: terminal.id, confirmation: terminal.user };
    const unconfirmed = await removeTerminal(world, { ...removal, confirmation: 'reception' });
    expect(refusedWith(unconfirmed)).toBe('confirmation-missing');
    accepted(await removeTerminal(world, removal));
    accepted(await closeBranch(world, branch));
    expect(refusedWith(await closeBranch(world, branch))).toBe('branch-not-open');
    expect(world.told.map(({ kind }) => kind)).toEqual([
      'branch-opened',
      'branch-opened',
      'terminal-saved',
      'terminal-removed',
      'branch-closed',
    ]);
  });

  it('R3: a branch that is closed while a terminal is added either stays open or takes none', async () => {
    const world = serviceWorld(await open());
    const { firm, branch } = await enterprise(world);
    for (let round = 0; round < 10; round += 1) {
      const [closed, added] = await Promise.all([
        closeBranch(world, branch),
        addTerminal(world, { ...firm, name: 'desk', countryCode: '082' }),
      ]);
      expect(closed.ok).not.toBe(added.ok);
      if (closed.ok) accepted(await openBranch(world, branch));
      for (const terminal of await world.members.terminals(firm.memberId)) {
        await world.members.removeTerminal(terminal.id);
      }
    }
  });

  it('R18: a terminal has a name and a password of its own; only hashes of the password are kept', async () => {
    const world = serviceWorld(await open());
    const mina = await somebody(world, 'mina');
    const { terminal, password } = accepted(
      await addTerminal(world, { ...mina, name: ' phone on my desk ', countryCode: '082' }),
    );
    expect(terminal.user).toMatch(/^t-[0-9a-z]{8}$/);
    expect(password).toMatch(/^[0-9a-z]{20}$/);
    const ha1 = `${terminal.user}:omnidial.example:${password}`;
    expect(terminal.secrets).toEqual({ md5: world.hash.md5(ha1), sha256: world.hash.sha256(ha1) });
    const found = await findTerminal(world, { actor: mina.actor, terminalId: terminal.id });
    expect(found).toEqual({ ok: true, value: terminal });
    const { addedAtMs: _, name: __, ...fact } = terminal;
    expect(await all(world.directory.terminals())).toEqual([fact]);
    expect(world.told).toEqual([{ kind: 'terminal-saved', terminal: fact }]);
    const renewed = accepted(
      await replaceTerminalPassword(world, { actor: mina.actor, terminalId: terminal.id }),
    );
    expect(renewed.terminal.secrets).not.toEqual(terminal.secrets);
    const moved = { actor: mina.actor, terminalId: terminal.id, countryCode: '081' };
    expect(accepted(await updateTerminal(world, moved))).toEqual({
      ...renewed.terminal,
      countryCode: '081',
    });
    expect(await all(world.directory.terminals())).toMatchObject([
      { countryCode: '081', secrets: renewed.terminal.secrets },
    ]);
    const [latest] = await Promise.all([
      replaceTerminalPassword(world, { actor: mina.actor, terminalId: terminal.id }),
      updateTerminal(world, { ...moved, name: 'phone in my bag' }),
    ]);
    expect(await world.members.findTerminal(terminal.id)).toEqual({
      ...accepted(latest).terminal,
      name: 'phone in my bag',
    });
  });

  it('R18: a user name that exists already is drawn anew', async () => {
    const world = serviceWorld(await open());
    const mina = await somebody(world, 'mina');
    const { bytes } = world.randomness;
    let draws = 0;
    const repeating = {
      ...world,
      randomness: { bytes: (count: number) => (draws++ < 4 ? new Uint8Array(count) : bytes(count)) },
    };
    const command = { ...mina, name: 'desk', countryCode: '082' };
    const one = accepted(await addTerminal(repeating, command)).terminal;
    const other = accepted(await addTerminal(repeating, command)).terminal;
    expect(one.user).toBe('t-00000000');
    expect(other.user).not.toBe(one.user);
    expect((await world.members.terminals(mina.memberId)).map(({ id }) => id)).toEqual([one.id, other.id]);
  });

  it('accounts: an enterprise has administrators and agents, and keeps one administrator', async () => {
    const world = serviceWorld(await open());
    const { firm } = await enterprise(world);
    const { actor, memberId } = firm;
    world.wait(1);
    accepted(await createAccount(world, { actor, userId: 'agent', role: 'enterprise-agent', memberId }));
    const again = { actor, userId: 'agent', role: 'enterprise-administrator', memberId } as const;
    expect(refusedWith(await createAccount(world, again))).toBe('account-exists');
    expect(refusedWith(await removeAccount(world, { actor, userId: 'firm' }))).toBe('last-administrator');
    expect(accepted(await listAccounts(world, firm)).map(({ userId }) => userId)).toEqual(['firm', 'agent']);
    accepted(await removeAccount(world, { actor, userId: 'agent' }));
    expect(await findActor(world, 'agent')).toEqual({ role: 'newcomer', userId: 'agent' });
    accepted(await createAccount(world, { actor: OPERATOR, userId: 'second operator', role: 'operator' }));
    expect(accepted(await listAccounts(world, { actor: OPERATOR }))).toMatchObject([
      { userId: 'second operator', role: 'operator' },
    ]);
  });

  it('accounts: of two administrators who remove each other at once one stays', async () => {
    const world = serviceWorld(await open());
    for (let round = 0; round < 5; round += 1) {
      const { actor, memberId } = await somebody(world, `one ${round}`, 'enterprise');
      const other = { userId: `other ${round}`, role: 'enterprise-administrator', memberId } as const;
      accepted(await createAccount(world, { actor, ...other }));
      const removals = await Promise.all([
        removeAccount(world, { actor, userId: other.userId }),
        removeAccount(world, { actor: other, userId: `one ${round}` }),
      ]);
      expect(removals.filter(({ ok }) => ok)).toHaveLength(1);
      expect(accepted(await listAccounts(world, { actor, memberId }))).toHaveLength(1);
    }
  });

  it('API keys: act for their account until they are revoked or it is gone; only a digest is kept', async () => {
    const world = serviceWorld(await open());
    const { actor } = await somebody(world, 'mina');
    const { apiKey, key } = accepted(await createApiKey(world, { actor, name: 'dialler' }));
    const other = accepted(await createApiKey(world, { actor, name: 'other' }));
    expect(key.startsWith(`${apiKey.prefix}_`)).toBe(true);
    expect(JSON.stringify(await world.accounts.apiKeys('mina'))).not.toContain(key);
    expect(accepted(await authenticateApiKey(world, { key }))).toEqual(actor);
    const guess = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
    expect(refusedWith(await authenticateApiKey(world, { key: guess }))).toBe('not-signed-in');
    const revoked = accepted(await revokeApiKey(world, { actor, apiKeyId: apiKey.id }));
    world.wait(1);
    expect(accepted(await revokeApiKey(world, { actor, apiKeyId: apiKey.id }))).toEqual(revoked);
    expect(refusedWith(await authenticateApiKey(world, { key }))).toBe('not-signed-in');
    const juno = await somebody(world, 'juno');
    const theirs = { actor: juno.actor, apiKeyId: other.apiKey.id };
    expect(refusedWith(await revokeApiKey(world, theirs))).toBe('not-found');
    expect(accepted(await listApiKeys(world, { actor })).map(({ name }) => name)).toEqual([
      'dialler',
      'other',
    ]);
    expect(await world.accounts.remove('mina', world.clock.nowMs())).toBe('removed');
    expect(refusedWith(await authenticateApiKey(world, { key: other.key }))).toBe('not-signed-in');
    expect((await world.accounts.apiKeys('mina')).every(({ revokedAtMs }) => revokedAtMs !== undefined)).toBe(
      true,
    );
    expect(actorOf('mina', await world.accounts.find('mina')).role).toBe('newcomer');
  });
}
