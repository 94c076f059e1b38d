import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, it } from 'vitest';
import { createMarketAndMemberStores, openDatabase } from '../../src/adapters/postgres/index.ts';
import { MIGRATIONS } from '../../src/adapters/postgres/migrations/index.ts';
import { recordRefund } from '../../src/services/record-refund.ts';
import { undoAcceptedPayment } from '../../src/services/undo-payment.ts';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { accepted, OPERATOR, serviceWorld } from '../support/service-world.ts';

/** A database as it was before there was a ledger: three orders, of which one was paid twice. */
async function earlier(kysely: Kysely<never>): Promise<void> {
  const migrator = new Migrator({
    db: kysely as unknown as Kysely<unknown>,
    provider: { getMigrations: async () => MIGRATIONS },
  });
  const { error } = await migrator.migrateTo('0060-parties-of-calls');
  if (error !== undefined) throw error;
  await sql`
    insert into members (id, kind, name, address, language, email, reachable_number, numbers_elsewhere,
      registered_at_ms)
    values ('mina', 'individual', 'Mina', 'Seoul', 'ko', 'mina@mail.example', '+82262006200', '[]', 1)
  `.execute(kysely);
  await sql`
    insert into number_orders (id, member_id, kind, country_code, subscriber, state, claim, currency, price_micros,
      quoted_at_ms, payment_reference, confirmed_at_ms, paid_at_ms, ended_at_ms)
    values
      ('o1', 'mina', 'personal', '082', '0262000001', 'assigned', 'assigned', 'KRW', 55000000000, 1, 'OD-1', 2, 3, null),
      ('o2', 'mina', 'personal', '082', '0262000002', 'refunded', null, 'KRW', 55000000000, 1, 'OD-2', 2, null, 3)
  `.execute(kysely);
  await sql`
    insert into payments (id, order_id, notice_id, currency, amount_micros, disposition, recorded_at_ms, refunded_at_ms)
    values
      ('p1', 'o1', 'n1', 'KRW', 55000000000, 'accepted', 3, null),
      ('p2', 'o1', 'n2', 'KRW', 55000000000, 'refund-due', 4, null),
      ('p3', 'o2', 'n3', 'KRW', 54000000000, 'refunded', 5, 9)
  `.execute(kysely);
}

for (const server of DATABASES) {
  describeDatabase(server, 'payments that were recorded before the ledger', (fresh) => {
    it('R9, R24: are in its books after the migration, and go on as payments do', async () => {
      const { kysely, url } = await fresh();
      await sql`drop schema public cascade`.execute(kysely);
      await sql`create schema public`.execute(kysely);
      await earlier(kysely as never);
      const database = await openDatabase({ url }, { warn: () => undefined });
      const world = serviceWorld(createMarketAndMemberStores(database.kysely));
      const standing = async () => {
        const { unbalanced, deviating } = await world.ledger.audit();
        expect([unbalanced, deviating]).toEqual([[], []]);
        const accounts = await world.ledger.balances({ limit: 10 });
        return accounts.map(({ account, creditsMicros, debitsMicros }) => [
          account,
          Number(creditsMicros - debitsMicros) / 1e6,
        ]);
      };
      expect(await standing()).toEqual([
        ['bank', -110_000],
        ['deposits', 55_000],
        ['number-sales', 55_000],
      ]);
      expect(await world.payments.find('p1')).toMatchObject({
        channel: 'bank',
        subject: { kind: 'order', id: 'o1' },
        taxMicros: 0n,
        acceptedAtMs: 3,
      });
      accepted(await recordRefund(world, { actor: OPERATOR, paymentId: 'p2' }));
      accepted(await undoAcceptedPayment(world, { actor: OPERATOR, paymentId: 'p1', reason: 'No.' }));
      accepted(await recordRefund(world, { actor: OPERATOR, paymentId: 'p1' }));
      expect((await standing()).map(([, amount]) => amount)).toEqual([0, 0, 0]);
      await database.close();
    });
  });
}
