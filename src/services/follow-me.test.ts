import { describe, expect, it } from 'vitest';
import { centreOf, reachedAt, trunkOf } from '../../test/support/network-parts.ts';
import { CarrierTable, CentreNetwork } from '../domain/centres/index.ts';
import type { Decision } from '../domain/exchange/index.ts';
import type { FollowMe } from '../domain/members/index.ts';
import { countryCodeOf, type E164 } from '../domain/numbering/index.ts';
import { refuse } from '../domain/refusal/index.ts';
import type { CallerFacts } from './caller.ts';
import { Directory } from './directory.ts';
import { followMeBranch } from './follow-me.ts';
import type { TrunkLines } from './ports/index.ts';
import type { OutwardPorts } from './route-outward.ts';

const MOBILE = '+821033334444';
const WITH: FollowMe = { memberId: 'ann', number: MOBILE, mode: 'with', afterMs: 0 };
const BEN: CallerFacts = {
  from: countryCodeOf('KR'),
  user: 'ben',
  telephone: '+82212345678' as E164,
  mayCallOut: true,
};

async function branchFor(
  followMe: FollowMe | undefined,
  caller: CallerFacts = BEN,
  gatewaysOf: TrunkLines['gatewaysOf'] = () => [reachedAt('192.0.2.1')],
  trail?: Decision[],
) {
  const store = {
    async *numbers() {},
    async *branches() {},
    async *terminals() {},
    async *aliases() {
      yield [{ kind: 'pstn' as const, value: MOBILE, memberId: 'ann' }];
    },
    async *followMes() {
      if (followMe !== undefined) yield [followMe];
    },
  };
  const directory = await Directory.load(store, { publish: () => {}, subscribe: () => {} });
  const carriers = new CarrierTable();
  carriers.add({ trunk: 'kt', prefix: '82', costPerMinute: 1n, currency: 'KRW', priority: 1, weight: 1 });
  const parts = { centres: [centreOf('KR')], trunks: [trunkOf('kt')], operators: [] };
  const network = new CentreNetwork(parts, carriers);
  const outward: OutwardPorts = {
    network: () => network,
    lines: { gatewaysOf, channelsInUse: () => 0, isAlive: () => true },
    servers: { locate: async () => refuse('address-not-found', 'No such name.') },
    callsStrangers: true,
    random: () => 0,
  };
  return followMeBranch({ directory, outward }, 'ann', caller, trail);
}

describe('R18: the member’s own telephone', () => {
  it('rings with the others, over the carriers of its country', async () => {
    expect(await branchFor(WITH)).toMatchObject({
      delayMs: 0,
      rings: [
        {
          way: { kind: 'trunk', called: MOBILE, calling: '+82212345678' },
          attempt: { party: { kind: 'trunk', trunk: 'kt', number: MOBILE, memberId: 'ann' } },
        },
      ],
    });
  });

  it('rings after them', async () => {
    expect(await branchFor({ ...WITH, mode: 'after', afterMs: 15_000 })).toMatchObject({ delayMs: 15_000 });
    expect(await branchFor({ ...WITH, mode: 'with', afterMs: 15_000 })).toMatchObject({ delayMs: 0 });
  });

  it('rings whoever calls, since the member asked for it', async () => {
    expect(await branchFor(WITH, { ...BEN, mayCallOut: false })).toMatchObject({ delayMs: 0 });
  });

  it('does not ring for a call that comes from it', async () => {
    const itself: CallerFacts = { ...BEN, trunk: trunkOf('kt'), memberId: 'ann', telephone: MOBILE as E164 };
    expect(await branchFor(WITH, itself)).toBeUndefined();
  });

  it('rings for a call of the member’s other terminal, which shows its number', async () => {
    const desk: CallerFacts = { ...BEN, memberId: 'ann', telephone: MOBILE as E164 };
    expect(await branchFor(WITH, desk)).toMatchObject({ delayMs: 0 });
  });

  it('does not ring where the member wants none', async () => {
    expect(await branchFor(undefined)).toBeUndefined();
  });

  it('does not ring, and the others do, where no way leads there', async () => {
    expect(await branchFor({ ...WITH, number: '+442071234567' })).toBeUndefined();
    expect(await branchFor(WITH, BEN, () => [])).toBeUndefined();
  });

  it('waits for the name of a gateway', async () => {
    const slow = async () => [reachedAt('192.0.2.7')];
    expect(await branchFor(WITH, BEN, slow)).toMatchObject({
      rings: [{ way: { gateway: { host: '192.0.2.7' } } }],
    });
  });

  it('is told in the order of the decisions', async () => {
    const trail: Decision[] = [];
    await branchFor({ ...WITH, mode: 'after', afterMs: 15_000 }, BEN, undefined, trail);
    expect(trail[0]).toEqual({
      code: 'follow-me',
      fits: true,
      sentence: `The member’s telephone ${MOBILE} rings after 15 s.`,
    });
    expect(trail.map(({ code }) => code)).toEqual(['follow-me', 'centre', 'carrier']);
  });
});
