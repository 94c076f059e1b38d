import { describe, expect, it } from 'vitest';
import { memberAccount } from '../../src/domain/billing/ledger/index.ts';
import { CallWorld, type CallWorldOptions } from '../support/flows/call-world.ts';
import { afterPromises, FlowCharging } from '../support/flows/flow-charging.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';
import { methods, type TestPhone } from '../support/flows/test-phone.ts';

const NUMBER = '+82212345678';
const ALICE = memberAccount('m-t-alice');
const BOB = memberAccount('m-bob');

async function worldWithCredit(won: number, options: CallWorldOptions = {}) {
  const charging = new FlowCharging();
  if (won > 0) await charging.topUp('m-t-alice', won);
  const world = new CallWorld(
    { bob: ['bob'] },
    { carriers: { [NUMBER]: ['kt', 'sk'] }, channels: 100, charging, ...options },
  );
  /** Time in which the ledger answers as well, which takes none. */
  const pass = async (ms = 10) => {
    const untilMs = world.clock.nowMs() + ms;
    while (world.clock.nowMs() < untilMs) {
      world.pass(Math.min(5, untilMs - world.clock.nowMs()));
      await afterPromises();
    }
  };
  /** Lets whole seconds go by in which nothing is said, each with room for the ledger. */
  const talk = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      world.pass(1_000);
      await afterPromises();
    }
  };
  const [alice, kt, sk] = [world.phone('alice'), world.phone('kt'), world.phone('sk')];
  /** Alice talks to somebody behind kt. */
  const talking = async () => {
    alice.dial(NUMBER, 'offer of alice');
    await pass();
    kt.respond(200, 'answer of kt');
    await pass();
    alice.acknowledge(alice.invited);
  };
  return { world, charging, pass, talk, talking, alice, kt, sk };
}

function statuses({ responses }: TestPhone): number[] {
  return responses.map(({ status }) => status).filter((status) => status > 100);
}

describe('R23: a call that costs something', () => {
  it('is charged to who calls for what it lasted, and the carrier is owed its share', async () => {
    const { world, charging, pass, talk, alice, kt } = await worldWithCredit(1_000);
    alice.dial(NUMBER, 'offer of alice');
    await pass();
    expect(await charging.standing(ALICE)).toEqual({ won: 1_000, pending: 60 });
    kt.respond(180);
    kt.respond(200, 'answer of kt');
    await pass();
    alice.acknowledge(alice.invited);
    await talk(75);
    expect(await charging.standing(ALICE)).toEqual({ won: 1_000, pending: 120 });
    alice.hangUp();
    await pass();
    const [sale] = await charging.charges.ofCall('call-1');
    expect(sale).toMatchObject({ kind: 'sale', billedSeconds: 76 });
    expect(await charging.standing(ALICE)).toEqual({ won: 924, pending: 0 });
    expect(await charging.standing('call-revenue')).toEqual({ won: 76, pending: 0 });
    expect(await charging.standing('trunk/kt')).toEqual({ won: 38, pending: 0 });
    expectNothingLeft(world);
  });

  it('is refused with 402 where there is no credit, before any carrier is asked', async () => {
    const { world, charging, pass, alice, kt } = await worldWithCredit(0);
    alice.dial(NUMBER, 'offer of alice');
    await pass();
    expect(statuses(alice)).toEqual([402]);
    expect(methods(kt)).toEqual([]);
    expect(world.records().at(-1)).toMatchObject({ outcome: { refusal: 'credit-exceeded' } });
    expect(await charging.standing(ALICE)).toEqual({ won: 0, pending: 0 });
    expectNothingLeft(world);
  });

  it('is cut on both sides where the credit ends, after a warning, and all of it is spent', async () => {
    const { world, charging, pass, talk, talking, alice, kt } = await worldWithCredit(100, {
      relay: 'at-once',
    });
    await talking();
    await talk(89);
    expect(world.relays.beeps).toEqual([]);
    await talk(9);
    expect(world.relays.beeps).toEqual(['1 caller']);
    expect(methods(kt)).not.toContain('BYE');
    await talk(3);
    expect(methods(kt)).toContain('BYE');
    expect(methods(alice)).toContain('BYE');
    expect(world.records().at(-1)).toMatchObject({
      status: 'completed',
      hungUpBy: 'exchange',
      outcome: { refusal: 'credit-exceeded', q850Cause: 21 },
    });
    await pass();
    expect(await charging.standing(ALICE)).toEqual({ won: 0, pending: 0 });
    expect(await charging.standing('call-revenue')).toEqual({ won: 100, pending: 0 });
    expectNothingLeft(world);
  });

  it('costs nothing where nobody answers, and its credit is free again', async () => {
    const { world, charging, pass, alice, kt, sk } = await worldWithCredit(100);
    alice.dial(NUMBER, 'offer of alice');
    await pass();
    kt.respond(503);
    await pass();
    expect(await charging.standing(ALICE)).toEqual({ won: 100, pending: 60 });
    sk.respond(486);
    await pass();
    expect(statuses(alice)).toEqual([486]);
    expect(await charging.standing(ALICE)).toEqual({ won: 100, pending: 0 });
    expectNothingLeft(world);
  });

  it('thirty at once share one credit: what is spent is what there was, and not a won more', async () => {
    const { world, charging, pass, talk, kt } = await worldWithCredit(100);
    const phones = Array.from({ length: 30 }, (_, at) => world.phone(`alice-${at}`));
    for (const phone of phones) phone.dial(NUMBER, 'an offer');
    await pass();
    expect(phones.filter((phone) => statuses(phone).includes(402))).toHaveLength(28);
    expect(await charging.standing(ALICE)).toEqual({ won: 100, pending: 100 });
    for (const to of kt.requests) kt.respond(200, 'answer of kt', { to });
    await pass();
    const talking = phones.filter((phone) => statuses(phone).includes(200));
    for (const phone of talking) phone.acknowledge(phone.invited);
    await talk(70);
    expect(talking.map(methods)).toEqual([['BYE'], ['BYE']]);
    expect(await charging.standing(ALICE)).toEqual({ won: 0, pending: 0 });
    expect(await charging.standing('call-revenue')).toEqual({ won: 100, pending: 0 });
    expectNothingLeft(world);
  });
});

describe('R18, R23: a call that follows a member to a telephone', () => {
  it('is charged to the member, and not to who calls', async () => {
    const { world, charging, pass, talk, alice, kt } = await worldWithCredit(0, {
      carriers: {},
      telephones: { bob: ['kt'] },
      voice: 'never',
    });
    await charging.topUp('m-bob', 100);
    alice.dial('bob', 'offer of alice');
    await pass();
    expect(await charging.standing(BOB)).toEqual({ won: 100, pending: 60 });
    world.phone('bob').respond(200, 'answer of bob');
    await pass();
    // Bob's own phone answered, which costs nobody anything.
    expect(await charging.standing(BOB)).toEqual({ won: 100, pending: 0 });
    alice.acknowledge(alice.invited);
    await talk(5);
    alice.hangUp();
    await pass();
    expect(await charging.standing(BOB)).toEqual({ won: 100, pending: 0 });
    kt.respond(487);
    expectNothingLeft(world);
  });

  it('rings the other phones where the member has no credit', async () => {
    const { world, pass, alice, kt } = await worldWithCredit(0, {
      carriers: {},
      telephones: { bob: ['kt'] },
    });
    alice.dial('bob', 'offer of alice');
    await pass();
    expect(methods(kt)).toEqual([]);
    expect(methods(world.phone('bob'))).toEqual(['INVITE']);
    alice.giveUp();
    await pass();
    expectNothingLeft(world);
  });
});

describe('R23: a call that is sent on', () => {
  it('goes on costing who called it, and adds up to the price of one call', async () => {
    const { world, charging, pass, talk, talking, alice, kt } = await worldWithCredit(1_000);
    const bob = world.phone('bob');
    await talking();
    await talk(30);
    alice.within('REFER', undefined, [{ name: 'Refer-To', value: '<sip:bob@omnidial.example>' }]);
    await pass();
    alice.hangUp();
    await pass();
    bob.respond(200, 'offer of bob');
    await pass();
    kt.respond(200, 'answer of kt to bob');
    await pass();
    await talk(45);
    expect(await charging.standing(ALICE)).toEqual({ won: 969, pending: 151 });
    kt.hangUp();
    await pass();
    const charges = await charging.charges.list({ kind: 'sale', limit: 9 });
    expect(charges.map(({ id, billedSeconds }) => [id, billedSeconds])).toEqual([
      ['call-2/sale of call-1', 45],
      ['call-1/sale', 31],
    ]);
    expect(await charging.standing(ALICE)).toEqual({ won: 924, pending: 0 });
    expect(await charging.standing('trunk/kt')).toEqual({ won: 38, pending: 0 });
    expectNothingLeft(world);
  });

  it('is cut where the credit ends, though its caller has left it', async () => {
    const { world, charging, pass, talk, talking, alice, kt } = await worldWithCredit(70);
    const bob = world.phone('bob');
    await talking();
    await talk(10);
    alice.within('REFER', undefined, [{ name: 'Refer-To', value: '<sip:bob@omnidial.example>' }]);
    await pass();
    bob.respond(200, 'offer of bob');
    await pass();
    kt.respond(200, 'answer of kt to bob');
    await pass();
    await talk(58);
    expect(methods(bob)).not.toContain('BYE');
    await talk(3);
    expect(methods(bob)).toContain('BYE');
    expect(methods(kt)).toContain('BYE');
    expect(await charging.standing(ALICE)).toEqual({ won: 0, pending: 0 });
    expectNothingLeft(world);
  });
});

describe('R23: where the ledger fails', () => {
  it('a call is refused with 503 after two seconds, and credit that was kept back after all is free again', async () => {
    const { world, charging, pass, alice, kt } = await worldWithCredit(100);
    const { reserve } = charging.asked;
    let release = () => {};
    charging.asked.reserve = async (requests) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return reserve(requests);
    };
    alice.dial(NUMBER, 'offer of alice');
    await pass(2_100);
    expect(statuses(alice)).toEqual([503]);
    expect(methods(kt)).toEqual([]);
    release();
    await pass();
    await pass();
    expect(await charging.standing(ALICE)).toEqual({ won: 100, pending: 0 });
    expectNothingLeft(world);
  });

  it('a call that cannot be extended ends with what is paid for', async () => {
    const { world, charging, pass, talk, talking, alice } = await worldWithCredit(1_000);
    await talking();
    charging.asked.reserve = async () => {
      throw new Error('The database is away.');
    };
    await talk(61);
    expect(methods(alice)).toContain('BYE');
    expect(charging.warnings).toHaveLength(1);
    await pass();
    expect(await charging.standing(ALICE)).toEqual({ won: 940, pending: 0 });
    expectNothingLeft(world);
  });

  it('slices that could not be posted are settled with the call', async () => {
    const { world, charging, pass, talk, talking, alice } = await worldWithCredit(1_000);
    await talking();
    charging.asked.write = async () => {
      throw new Error('The database is away.');
    };
    await talk(230);
    charging.asked.write = (entries) => charging.ledger.write(entries);
    alice.hangUp();
    await pass();
    await talk(2);
    expect(await charging.standing(ALICE)).toEqual({ won: 769, pending: 0 });
    expectNothingLeft(world);
  });
});
