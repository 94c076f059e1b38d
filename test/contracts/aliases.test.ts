import { expect, it } from 'vitest';
import type { AliasName } from '../../src/domain/members/index.ts';
import { type OperatorPlan, operatorPlan } from '../../src/domain/numbering/index.ts';
import { addAlias } from '../../src/services/add-alias.ts';
import { askForProof } from '../../src/services/ask-for-proof.ts';
import { checkAliases } from '../../src/services/check-aliases.ts';
import { chooseFallbackBranch } from '../../src/services/choose-fallback-branch.ts';
import { confirmAlias } from '../../src/services/confirm-alias.ts';
import { Directory } from '../../src/services/directory.ts';
import { findAlias, listAliases } from '../../src/services/find-alias.ts';
import { openBranch } from '../../src/services/open-branch.ts';
import type { CodeCallTarget, Mail } from '../../src/services/ports/index.ts';
import { removeAlias } from '../../src/services/remove-alias.ts';
import { endFollowMe, findFollowMe, setFollowMe } from '../../src/services/set-follow-me.ts';
import { describeStores, type OpenStores } from '../support/market-stores.ts';
import {
  accepted,
  refusedWith,
  type ServiceWorld,
  type Somebody,
  serviceWorld,
  somebody,
} from '../support/service-world.ts';

describeStores('aliases', contract);

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const TELEPHONE = { kind: 'pstn', value: '+82262006200' } as const;
const ADDRESS = { kind: 'email', value: 'mina@mail.example' } as const;
const DOMAIN = { kind: 'domain', value: 'acme.example' } as const;

/** What went out, and what the DNS says. */
type Outside = {
  readonly mails: Mail[];
  readonly calls: { target: CodeCallTarget; code: string; language: string }[];
  readonly records: Map<string, readonly string[] | 'silent'>;
};

type World = ServiceWorld & { readonly outside: Outside };

async function worldOn(open: OpenStores): Promise<World> {
  const outside: Outside = { mails: [], calls: [], records: new Map() };
  const proofs: ServiceWorld['proofs'] = {
    mailer: {
      send: async (mail) => {
        outside.mails.push(mail);
        return { ok: true, value: null };
      },
    },
    codeCaller: {
      speak: async (target, code, language) => {
        outside.calls.push({ target, code, language });
        return { ok: true, value: null };
      },
    },
    operatorPlans: () => [dialpad()],
    domainRecords: {
      textsOf: async (name) => {
        const texts = outside.records.get(name);
        if (texts === 'silent') return { ok: false, refusal: { code: 'address-lookup-failed', detail: '' } };
        if (texts === undefined) return { ok: false, refusal: { code: 'address-not-found', detail: '' } };
        return { ok: true, value: texts };
      },
    },
  };
  return { ...serviceWorld(await open()), proofs, outside };
}

function dialpad(): OperatorPlan {
  const rule = { pattern: '070\\d{8}', conversion: { kind: 'as-dialled' } } as const;
  return accepted(operatorPlan('dialpad', 'Dialpad', [rule]));
}

/** The code in the last mail. */
function mailedCode({ outside }: World): string {
  return /\d{6}/.exec(outside.mails.at(-1)?.text ?? '')?.[0] ?? '';
}

function spokenCode({ outside }: World): string {
  return outside.calls.at(-1)?.code ?? '';
}

async function prove(world: World, who: Somebody, name: AliasName): Promise<string> {
  const { id, recordToken } = accepted(await addAlias(world, { ...who, ...name }));
  if (name.kind === 'domain') {
    world.outside.records.set(`_omnidial.${name.value}`, [`omnidial-verification=${recordToken}`]);
  }
  const code = name.kind === 'email' ? mailedCode(world) : spokenCode(world);
  accepted(await confirmAlias(world, { actor: who.actor, aliasId: id, code }));
  return id;
}

async function exchangeOf(world: World): Promise<Directory> {
  return Directory.load(world.directory, { publish: () => undefined, subscribe: () => undefined });
}

function check(world: World) {
  return checkAliases(world, { nowMs: world.clock.nowMs() });
}

function contract(open: OpenStores): void {
  it('R17: an address leads to its member once the mailed code was given, and not before', async () => {
    const world = await worldOn(open);
    const mina = await somebody(world, 'mina');
    const added = accepted(await addAlias(world, { ...mina, kind: 'email', value: 'Mina@Mail.Example' }));
    expect(added).toMatchObject({ ...ADDRESS, memberId: mina.memberId, proof: { state: 'challenged' } });
    expect(JSON.stringify(added)).not.toContain(mailedCode(world));
    expect(world.outside.mails).toMatchObject([{ to: 'mina@mail.example', language: 'ko' }]);
    expect(world.told).toEqual([]);
    const proof = { actor: mina.actor, aliasId: added.id };
    expect(refusedWith(await confirmAlias(world, proof))).toBe('request-invalid');
    accepted(await confirmAlias(world, { ...proof, code: ` ${mailedCode(world)} ` }));
    const fact = { ...ADDRESS, memberId: mina.memberId };
    expect(world.told).toEqual([{ kind: 'alias-proven', alias: fact }]);
    expect((await exchangeOf(world)).aliasOf('email', ADDRESS.value)).toEqual(fact);
    expect(accepted(await findAlias(world, proof)).proof.state).toBe('proven');
    expect(refusedWith(await askForProof(world, proof))).toBe('alias-not-due');
    expect(world.outside.mails).toHaveLength(1);
  });

  it('R19: telephones and numbers at operators are proven by a call that speaks the code', async () => {
    const world = await worldOn(open);
    const mina = await somebody(world, 'mina');
    const elsewhere = { kind: 'operator', value: '07012345678', operatorId: 'dialpad' } as const;
    await prove(world, mina, TELEPHONE);
    await prove(world, mina, elsewhere);
    expect(world.outside.calls).toMatchObject([
      { target: TELEPHONE, language: 'ko' },
      { target: elsewhere, language: 'ko' },
    ]);
    const exchange = await exchangeOf(world);
    expect(exchange.provenTelephoneOf(mina.memberId)).toBe(TELEPHONE.value);
    expect([exchange.holds(elsewhere.value), exchange.aliasOf('operator', elsewhere.value)]).toEqual([
      'alias',
      { ...elsewhere, memberId: mina.memberId },
    ]);
  });

  it('R19: a number at an operator is one of its plan, so that nobody takes the calls of other telephones', async () => {
    const world = await worldOn(open);
    const mina = await somebody(world, 'mina');
    const stranger = { kind: 'operator', value: '0262006200', operatorId: 'dialpad' } as const;
    const added = await addAlias(world, { ...mina, ...stranger });
    expect(added).toMatchObject({ refusal: { code: 'request-invalid', pointer: '/value' } });
    const unknown = await addAlias(world, { ...mina, ...stranger, operatorId: 'nobody' });
    expect(unknown).toMatchObject({ refusal: { code: 'request-invalid', pointer: '/operatorId' } });
    expect(world.outside.calls).toEqual([]);
  });

  it('R17: a domain is proven by its own token in the DNS, and leads to the branch its enterprise chose', async () => {
    const world = await worldOn(open);
    const firm = await somebody(world, 'firm', 'enterprise');
    const form = { ...firm, ...DOMAIN, fallbackCountryCode: '082' };
    expect(refusedWith(await addAlias(world, form))).toBe('branch-not-open');
    accepted(await openBranch(world, { ...firm, countryCode: '082', name: 'Seoul' }));
    const { id, recordToken } = accepted(await addAlias(world, form));
    const proof = { actor: firm.actor, aliasId: id };
    const said = (text: readonly string[] | 'silent') =>
      world.outside.records.set('_omnidial.acme.example', text);
    expect(refusedWith(await confirmAlias(world, proof))).toBe('domain-record-missing');
    said('silent');
    world.wait(MINUTE_MS);
    expect(refusedWith(await confirmAlias(world, proof))).toBe('address-lookup-failed');
    said(['omnidial-verification=somebody-elses', `omnidial-verification=${recordToken}x`]);
    expect(refusedWith(await confirmAlias(world, proof))).toBe('domain-record-missing');
    said(['v=spf1 -all', `omnidial-verification=${recordToken}`]);
    accepted(await confirmAlias(world, proof));
    const fact = { ...DOMAIN, memberId: firm.memberId, fallbackCountryCode: '082' };
    expect((await exchangeOf(world)).aliasOf('domain', DOMAIN.value)).toEqual(fact);
    accepted(await chooseFallbackBranch(world, proof));
    const { fallbackCountryCode: _, ...withoutFallback } = fact;
    expect((await exchangeOf(world)).aliasOf('domain', DOMAIN.value)).toEqual(withoutFallback);
    expect(world.told.at(-1)).toEqual({ kind: 'alias-proven', alias: withoutFallback });
  });

  it('the newer proof counts: the name moves, and the member it led to is told', async () => {
    const world = await worldOn(open);
    const [ann, ben] = [await somebody(world, 'ann'), await somebody(world, 'ben')];
    const old = await prove(world, ann, TELEPHONE);
    accepted(await setFollowMe(world, { ...ann, number: TELEPHONE.value, mode: 'with' }));
    world.wait(DAY_MS);
    const fresh = accepted(await addAlias(world, { ...ben, ...TELEPHONE }));
    // Nothing in the answer says that it is somebody's.
    expect(fresh).toMatchObject({ memberId: ben.memberId, proof: { state: 'challenged' } });
    expect((await exchangeOf(world)).aliasOf('pstn', TELEPHONE.value)?.memberId).toBe(ann.memberId);
    const code = spokenCode(world);
    accepted(await confirmAlias(world, { actor: ben.actor, aliasId: fresh.id, code }));
    const exchange = await exchangeOf(world);
    expect(exchange.aliasOf('pstn', TELEPHONE.value)?.memberId).toBe(ben.memberId);
    expect(exchange.followMeOf(ann.memberId)).toBeUndefined();
    expect(accepted(await findFollowMe(world, ann))?.isActive).toBe(false);
    const lost = accepted(await findAlias(world, { actor: ann.actor, aliasId: old }));
    expect(lost.proof).toMatchObject({ state: 'lapsed', reason: 'proven-by-another' });
    expect(world.outside.mails).toMatchObject([{ to: 'ann@mail.example' }]);
  });

  it('of ten who prove the same telephone at once it leads to one, and nine are told that it does not', async () => {
    const world = await worldOn(open);
    const people = await Promise.all(Array.from({ length: 10 }, (_, n) => somebody(world, `person ${n}`)));
    const claims: { actor: Somebody['actor']; aliasId: string; code: string }[] = [];
    for (const each of people) {
      const { id } = accepted(await addAlias(world, { ...each, ...TELEPHONE }));
      claims.push({ actor: each.actor, aliasId: id, code: spokenCode(world) });
      // As if each had asked on a day of its own.
      await world.aliases.pruneSendings(world.clock.nowMs() + 1);
    }
    const results = await Promise.all(claims.map((claim) => confirmAlias(world, claim)));
    expect(results.filter(({ ok }) => ok).length).toBeGreaterThan(0);
    const states = await Promise.all(claims.map((claim) => findAlias(world, claim)));
    expect(states.filter((state) => accepted(state).proof.state === 'proven')).toHaveLength(1);
  });

  it('a code is not guessed: five tries, also where they come at once', async () => {
    const world = await worldOn(open);
    const mina = await somebody(world, 'mina');
    const { id } = accepted(await addAlias(world, { ...mina, ...ADDRESS }));
    const right = mailedCode(world);
    const wrong = Array.from({ length: 60 }, (_, n) => String(n).padStart(6, '0')).filter(
      (code) => code !== right,
    );
    const tries = await Promise.all(
      wrong.map((code) => confirmAlias(world, { actor: mina.actor, aliasId: id, code })),
    );
    expect(tries.some(({ ok }) => ok)).toBe(false);
    expect(tries.filter((each) => refusedWith(each) === 'code-wrong').length).toBeLessThanOrEqual(5);
    for (const code of wrong.slice(0, 5)) await confirmAlias(world, { actor: mina.actor, aliasId: id, code });
    const late = await confirmAlias(world, { actor: mina.actor, aliasId: id, code: right });
    expect(refusedWith(late)).toBe('code-expired');
  });

  it('codes are sent a few times a day, to one telephone whoever asks, and not by removing and adding', async () => {
    const world = await worldOn(open);
    const [ann, ben] = [await somebody(world, 'ann'), await somebody(world, 'ben')];
    const { id, value } = accepted(await addAlias(world, { ...ann, ...TELEPHONE }));
    expect(refusedWith(await askForProof(world, { actor: ann.actor, aliasId: id }))).toBe('too-many-codes');
    world.wait(MINUTE_MS);
    accepted(await askForProof(world, { actor: ann.actor, aliasId: id }));
    accepted(await removeAlias(world, { actor: ann.actor, aliasId: id, confirmation: value }));
    world.wait(MINUTE_MS);
    accepted(await addAlias(world, { ...ann, ...TELEPHONE }));
    world.wait(MINUTE_MS);
    expect(refusedWith(await addAlias(world, { ...ben, ...TELEPHONE }))).toBe('too-many-codes');
    expect(world.outside.calls).toHaveLength(3);
    // What was refused stays noted, and is asked for again the next day.
    world.wait(DAY_MS);
    const [bens] = accepted(await listAliases(world, ben));
    accepted(await askForProof(world, { actor: ben.actor, aliasId: bens?.id ?? '' }));
    expect(world.outside.calls).toHaveLength(4);
  });

  it('of twenty requests for the same code at once one is sent', async () => {
    const world = await worldOn(open);
    const mina = await somebody(world, 'mina');
    const { id } = accepted(await addAlias(world, { ...mina, ...TELEPHONE }));
    world.wait(MINUTE_MS);
    const asked = Array.from({ length: 20 }, () => askForProof(world, { actor: mina.actor, aliasId: id }));
    expect((await Promise.all(asked)).filter(({ ok }) => ok)).toHaveLength(1);
    expect(world.outside.calls).toHaveLength(2);
  });

  it('a member has a name once, and thirty of them', async () => {
    const world = await worldOn(open);
    const mina = await somebody(world, 'mina');
    const addresses = Array.from({ length: 29 }, (_, n) => `mina${n}@mail.example`);
    const twice = await Promise.all(['x', 'x'].map(() => addAlias(world, { ...mina, ...ADDRESS })));
    expect(twice.filter(({ ok }) => !ok).map(refusedWith)).toEqual(['alias-exists']);
    for (const value of addresses) {
      const added = await addAlias(world, { ...mina, kind: 'email', value });
      if (!added.ok) expect(added.refusal.code).toBe('too-many-codes');
    }
    expect(accepted(await listAliases(world, mina))).toHaveLength(30);
    const more = await addAlias(world, { ...mina, kind: 'email', value: 'one@more.example' });
    expect(refusedWith(more)).toBe('too-many-aliases');
  });

  it('R18: a proven telephone rings with or after the others, until the member or its proof ends it', async () => {
    const world = await worldOn(open);
    const mina = await somebody(world, 'mina');
    const asked = { ...mina, number: '+82 2-6200-6200', mode: 'after' } as const;
    expect(refusedWith(await setFollowMe(world, asked))).toBe('follow-me-number-not-proven');
    const id = await prove(world, mina, TELEPHONE);
    for (const afterMs of [4_999, 60_001, 5_000.5]) {
      expect(refusedWith(await setFollowMe(world, { ...asked, afterMs }))).toBe('request-invalid');
    }
    const followMe = { memberId: mina.memberId, number: TELEPHONE.value, mode: 'after', afterMs: 20_000 };
    expect(accepted(await setFollowMe(world, asked))).toEqual({ followMe, isActive: true });
    expect((await exchangeOf(world)).followMeOf(mina.memberId)).toEqual(followMe);
    expect(world.told.at(-1)).toEqual({ kind: 'follow-me-set', followMe });
    accepted(await setFollowMe(world, { ...asked, mode: 'with' }));
    expect(accepted(await findFollowMe(world, mina))?.followMe).toMatchObject({ mode: 'with', afterMs: 0 });
    accepted(await removeAlias(world, { actor: mina.actor, aliasId: id, confirmation: TELEPHONE.value }));
    expect(accepted(await findFollowMe(world, mina))).toBeUndefined();
    expect(world.told.slice(-2).map(({ kind }) => kind)).toEqual(['alias-lapsed', 'follow-me-off']);
    accepted(await endFollowMe(world, mina));
    expect((await exchangeOf(world)).followMeOf(mina.memberId)).toBeUndefined();
  });

  it('what is proven is checked again: members are reminded, and what they do not prove lapses', async () => {
    const world = await worldOn(open);
    const mina = await somebody(world, 'mina');
    const id = await prove(world, mina, TELEPHONE);
    const asked = { actor: mina.actor, aliasId: id };
    world.wait(181 * DAY_MS);
    expect(await check(world)).toEqual({ checked: 0 });
    world.wait(DAY_MS);
    // Several processes do it at once, and the member is told once.
    const checks = await Promise.all([check(world), check(world), check(world)]);
    expect(checks.reduce((sum, { checked }) => sum + checked, 0)).toBe(1);
    expect(world.outside.mails).toHaveLength(1);
    expect(accepted(await findAlias(world, asked)).proof.state).toBe('due-again');
    accepted(await askForProof(world, asked));
    accepted(await confirmAlias(world, { ...asked, code: spokenCode(world) }));
    expect((await exchangeOf(world)).provenTelephoneOf(mina.memberId)).toBe(TELEPHONE.value);
    for (let day = 0; day < 182 + 30; day += 1) {
      world.wait(DAY_MS);
      await check(world);
    }
    expect(accepted(await findAlias(world, asked)).proof).toMatchObject({ reason: 'not-confirmed' });
    expect((await exchangeOf(world)).provenTelephoneOf(mina.memberId)).toBeUndefined();
    expect(world.told.at(-1)).toEqual({ kind: 'alias-lapsed', alias: TELEPHONE });
    // The first reminder of before, one at the start of this grace, four weekly ones, and the end.
    expect(world.outside.mails).toHaveLength(7);
  });

  it('R17: a domain whose record is gone for days lapses; one whose DNS is silent for a week does not', async () => {
    const world = await worldOn(open);
    const firm = await somebody(world, 'firm', 'enterprise');
    const id = await prove(world, firm, DOMAIN);
    const token = world.outside.records.get('_omnidial.acme.example') ?? [];
    const state = async () =>
      accepted(await findAlias(world, { actor: firm.actor, aliasId: id })).proof.state;
    const days = async (count: number) => {
      for (let day = 0; day < count; day += 1) {
        world.wait(DAY_MS);
        await check(world);
      }
    };
    world.outside.records.set('_omnidial.acme.example', 'silent');
    await days(7);
    expect(await state()).toBe('due-again');
    world.outside.records.set('_omnidial.acme.example', token);
    await days(1);
    expect(await state()).toBe('proven');
    world.outside.records.delete('_omnidial.acme.example');
    await days(3);
    expect([await state(), world.outside.mails.length]).toEqual(['due-again', 1]);
    await days(1);
    expect([await state(), world.outside.mails.length]).toEqual(['lapsed', 2]);
    world.outside.records.set('_omnidial.acme.example', token);
    accepted(await confirmAlias(world, { actor: firm.actor, aliasId: id }));
    expect(await state()).toBe('proven');
  });

  it('claims that nobody proves are forgotten', async () => {
    const world = await worldOn(open);
    const mina = await somebody(world, 'mina');
    accepted(await addAlias(world, { ...mina, ...ADDRESS }));
    world.wait(30 * DAY_MS);
    await check(world);
    expect(accepted(await listAliases(world, mina))).toEqual([]);
  });

  it('nothing pretends: what is not set up refuses, and notes nothing', async () => {
    const world = { ...(await worldOn(open)), proofs: {} };
    const mina = await somebody(world, 'mina');
    expect(refusedWith(await addAlias(world, { ...mina, ...ADDRESS }))).toBe('mail-unavailable');
    expect(refusedWith(await addAlias(world, { ...mina, ...TELEPHONE }))).toBe(
      'verification-call-unavailable',
    );
    expect(accepted(await listAliases(world, mina))).toEqual([]);
  });

  it('what is somebody else’s is not found', async () => {
    const world = await worldOn(open);
    const [ann, ben] = [await somebody(world, 'ann'), await somebody(world, 'ben')];
    const { id } = accepted(await addAlias(world, { ...ann, ...ADDRESS }));
    const others = { actor: ben.actor, aliasId: id };
    const results = [
      await findAlias(world, others),
      await askForProof(world, others),
      await confirmAlias(world, { ...others, code: mailedCode(world) }),
      await removeAlias(world, { ...others, confirmation: ADDRESS.value }),
      await setFollowMe(world, { ...ann, actor: ben.actor, number: TELEPHONE.value, mode: 'with' }),
      await addAlias(world, { ...ann, actor: ben.actor, ...TELEPHONE }),
    ];
    expect(results.map(refusedWith)).toEqual(Array(6).fill('not-found'));
  });
}
