import { expect, it } from 'vitest';
import { createMarketAndMemberStores } from '../../src/adapters/postgres/index.ts';
import { answerOnce } from '../../src/services/answer-once.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { describeStores, type OpenStores } from '../support/market-stores.ts';
import { accepted, refusedWith, serviceWorld } from '../support/service-world.ts';

describeStores('Idempotency-Key', contract);
for (const server of DATABASES) {
  describeDatabase(server, 'Idempotency-Key over a restart', (fresh) => {
    it('R8: answers outlive the process', async () => {
      const database = await fresh();
      const world = () => serviceWorld(createMarketAndMemberStores(database.kysely));
      const first = accepted(await answerOnce(world(), REQUEST, async () => ({ status: 201, body: 'one' })));
      const second = await answerOnce(world(), REQUEST, () => expect.unreachable());
      expect(accepted(second)).toEqual({ ...first, isRepeated: true });
    });
  });
}

const REQUEST = { key: 'key 1', actorId: 'mina', route: 'POST /v1/number-orders', bodyHash: 'a1' };
const DAY_MS = 24 * 3_600_000;

function contract(open: OpenStores): void {
  it('R8: a request that comes twenty times at once is carried out once', async () => {
    const world = serviceWorld(await open());
    let runs = 0;
    const run = async () => ({ status: 201, body: `{"run":${++runs}}` });
    const answers = await Promise.all(Array.from({ length: 20 }, () => answerOnce(world, REQUEST, run)));
    expect(runs).toBe(1);
    const refused = answers.filter(({ ok }) => !ok);
    expect(refused.map(refusedWith)).toEqual(refused.map(() => 'idempotency-in-flight'));
    const again = accepted(await answerOnce(world, REQUEST, run));
    expect(again).toEqual({ answer: { status: 201, body: '{"run":1}' }, isRepeated: true });
  });

  it('R8: a key belongs to one request of one person, for a day', async () => {
    const world = serviceWorld(await open());
    const answer = (body: string) => async () => ({ status: 200, body });
    accepted(await answerOnce(world, REQUEST, answer('first')));
    for (const other of [{ bodyHash: 'b2' }, { route: 'POST /v1/members' }]) {
      const reused = await answerOnce(world, { ...REQUEST, ...other }, answer('other'));
      expect(refusedWith(reused)).toBe('idempotency-key-reused');
    }
    const juno = accepted(await answerOnce(world, { ...REQUEST, actorId: 'juno' }, answer('of juno')));
    expect(juno.answer.body).toBe('of juno');
    world.wait(DAY_MS);
    const later = accepted(await answerOnce(world, { ...REQUEST, bodyHash: 'b2' }, answer('a day later')));
    expect(later).toEqual({ answer: { status: 200, body: 'a day later' }, isRepeated: false });
    expect(await world.idempotency.prune(world.clock.nowMs())).toBe(1);
  });

  it('R8: what failed may be tried again at once, and what died after a minute', async () => {
    const world = serviceWorld(await open());
    const failing = answerOnce(world, REQUEST, () => Promise.reject(new Error('no database')));
    await expect(failing).rejects.toThrow('no database');
    const nowMs = world.clock.nowMs();
    // The process dies here, after it has claimed the request.
    const claim = await world.idempotency.claim(REQUEST, nowMs, nowMs + 60_000, nowMs + DAY_MS);
    expect(claim).toEqual({ kind: 'first' });
    const run = async () => ({ status: 200, body: 'done' });
    world.wait(59_999);
    expect(refusedWith(await answerOnce(world, REQUEST, run))).toBe('idempotency-in-flight');
    world.wait(1);
    const other = await answerOnce(world, { ...REQUEST, bodyHash: 'b2' }, run);
    expect(refusedWith(other)).toBe('idempotency-key-reused');
    expect(accepted(await answerOnce(world, REQUEST, run)).answer.body).toBe('done');
  });
}
