import { expect, it } from 'vitest';
import { memberAccount } from '../../src/domain/billing/ledger/index.ts';
import { CallWorld } from '../support/flows/call-world.ts';
import { afterPromises, FlowCharging } from '../support/flows/flow-charging.ts';
import { methods } from '../support/flows/test-phone.ts';

const NUMBER = '+82212345678';
const ALICE = memberAccount('m-t-alice');
const CREDIT_WON = 400;

/** How the ledger fails: before it has done what it was asked, or after, so that nobody hears of it. */
type Failing = { readonly call: number; readonly when: 'before' | 'after' };

/** The calls of the ledger that one run makes, of which one may fail. */
function failing(charging: FlowCharging, fails?: Failing): { count: number } {
  const asked = { count: 0 };
  const perform = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    asked.count += 1;
    const isIt = fails?.call === asked.count;
    if (isIt && fails.when === 'before') throw new Error('The database is away.');
    const answer = await run();
    if (isIt) throw new Error('The connection is lost.');
    return answer;
  };
  const { reserve, write } = charging.asked;
  charging.asked.reserve = (requests) => perform(() => reserve(requests));
  charging.asked.write = (entries) => perform(() => write(entries));
  return asked;
}

/** Alice makes one long call, one that nobody answers and one that is busy, and hangs up in the end. */
async function run(fails?: Failing) {
  const charging = new FlowCharging();
  await charging.topUp('m-t-alice', CREDIT_WON);
  const world = new CallWorld({}, { carriers: { [NUMBER]: ['kt'] }, channels: 100, charging });
  const asked = failing(charging, fails);
  const [alice, kt] = [world.phone('alice'), world.phone('kt')];
  const pass = async (ms: number) => {
    for (let waited = 0; waited < ms; waited += 500) {
      world.pass(500);
      await afterPromises();
    }
  };
  const dial = async () => {
    const before = kt.requests.length;
    alice.dial(NUMBER, 'an offer');
    await pass(2_500);
    return kt.requests.slice(before).find(({ request }) => request.method === 'INVITE');
  };
  const busy = await dial();
  if (busy !== undefined) kt.respond(486, undefined, { to: busy });
  await pass(1_000);
  const talking = await dial();
  if (talking !== undefined) {
    kt.respond(200, 'answer of kt', { to: talking });
    await pass(500);
    if (alice.dialog !== undefined && alice.invited !== undefined) alice.acknowledge(alice.invited);
    await pass(150_000);
    if (!methods(alice).includes('BYE')) alice.hangUp();
  }
  await pass(5_000);
  // Whatever nobody ended expires.
  await charging.ledger.expire(world.clock.nowMs() + 3_600_000, 100);
  return { charging, world, asked: asked.count };
}

it('R23: with each call of the ledger failing in turn, the books are right and nothing stays kept back', async () => {
  const { asked, charging } = await run();
  const whole = await charging.standing('call-revenue');
  expect(whole.won).toBeGreaterThanOrEqual(150);
  expect(asked).toBeGreaterThan(5);
  for (let call = 1; call <= asked; call += 1) {
    for (const when of ['before', 'after'] as const) {
      const failed = await run({ call, when });
      const { won, pending } = await failed.charging.standing(ALICE);
      const revenue = await failed.charging.standing('call-revenue');
      const label = `${when} call ${call} of the ledger`;
      expect(pending, label).toBe(0);
      expect(won, label).toBeGreaterThanOrEqual(0);
      expect(won + revenue.won, label).toBe(CREDIT_WON);
      // Each answered call has its charge, and the ledger has moved what the charges say.
      const charges = await failed.charging.charges.list({ kind: 'sale', limit: 99 });
      const sold = charges.reduce((sum, { micros }) => sum + Number(micros) / 1e6, 0);
      expect(revenue.won, label).toBe(sold);
      const answered = failed.world.records().filter((record) => 'answeredAtMs' in record);
      expect(charges.length, label).toBe(answered.length);
      expect(
        failed.world.records().every(({ phase }) => phase === 'ended'),
        label,
      ).toBe(true);
    }
  }
});
