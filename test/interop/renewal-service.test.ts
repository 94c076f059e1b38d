import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodyOf, mailServer } from '../support/mail-server.ts';
import {
  addIndividual,
  databaseOf,
  type IndividualInWorld,
  openSale,
  Service,
} from '../support/service/index.ts';

const NUMBER = '02-6200-1234-082';
const DAY_MS = 86_400_000;

/** The service looks once a minute. */
const LOOKED_WITHIN_MS = 75_000;
const SEVERAL_LOOKS_MS = 5 * LOOKED_WITHIN_MS;

type Held = {
  readonly paidUntil: string;
  readonly renewal: { readonly state: string; readonly billId?: string };
};
type Bill = {
  readonly kind: string;
  readonly state: string;
  readonly paymentReference: string;
  readonly amount: { readonly amount: string; readonly currency: string };
};

describe('R24: the years of a number, through the whole service', () => {
  let mail: Awaited<ReturnType<typeof mailServer>>;
  let service: Service;
  let mina: IndividualInWorld;
  let orderId: string;

  beforeAll(async () => {
    mail = await mailServer();
    const env = { OMNIDIAL_SMTP: `smtp://127.0.0.1:${mail.port}` };
    service = await Service.start({ sipPort: 24_870, env });
    await openSale(service.api);
    mina = await addIndividual(service.api, { countryCode: '082', number: NUMBER });
    const { items } = await service.api.get<{ items: readonly { readonly orderId: string }[] }>(
      `/v1/numbers?memberId=${mina.memberId}`,
    );
    orderId = items[0]?.orderId ?? '';
  });

  afterAll(async () => {
    await service?.stop();
    await mail?.close();
  });

  /** Brings the years of the number so far back as if these days had gone by. */
  async function passDays(days: number): Promise<void> {
    const database = await databaseOf(service);
    await database.query(
      `update number_terms set started_at_ms = started_at_ms - $1, paid_until_ms = paid_until_ms - $1,
         billed_at_ms = billed_at_ms - $1, grace_until_ms = grace_until_ms - $1, next_move_at_ms = 0`,
      [days * DAY_MS],
    );
    await database.end();
  }

  const held = () => service.api.get<Held>(`/v1/number-orders/${orderId}/renewal`);

  /** Waits until the service has brought the number so far. */
  async function reaches(state: string): Promise<Held> {
    const patienceMs = Date.now() + LOOKED_WITHIN_MS;
    for (;;) {
      const now = await held();
      if (now.renewal.state === state) return now;
      if (Date.now() > patienceMs) throw new Error(`It is ${now.renewal.state} and not ${state}.`);
      await sleep(500);
    }
  }

  /** The letters that came to her, once there are so many. */
  async function letters(count: number): Promise<readonly string[]> {
    const patienceMs = Date.now() + LOOKED_WITHIN_MS;
    while (mail.arrived.length < count && Date.now() < patienceMs) await sleep(200);
    expect(mail.arrived.every(({ to }) => to[0]?.startsWith('holder-of-'))).toBe(true);
    return mail.arrived.map(bodyOf);
  }

  const explained = async () =>
    JSON.stringify(await service.api.post('/v1/route-explanations', { text: NUMBER, from: '082' }));
  const bill = (id: string | undefined) => service.api.get<Bill>(`/v1/bills/${id}`);

  it(
    'a letter with the bill comes before the year ends, and its money brings another year',
    async () => {
      await passDays(340);
      const due = await reaches('due');
      const asked = await bill(due.renewal.billId);
      expect(asked).toMatchObject({ kind: 'renewal', state: 'open', amount: { currency: 'KRW' } });
      const [letter = ''] = await letters(1);
      expect(letter).toContain(NUMBER);
      expect(letter).toContain(asked.paymentReference);
      await service.api.post('/v1/deposits', {
        paymentReference: asked.paymentReference,
        noticeId: 'second year',
        amount: asked.amount,
      });
      const paid = await held();
      expect(paid.renewal.state).toBe('current');
      const years = Date.parse(paid.paidUntil) - Date.parse(due.paidUntil);
      expect([365, 366]).toContain(years / DAY_MS);
      expect(await bill(due.renewal.billId)).toMatchObject({ state: 'paid' });
      expect((await letters(2)).at(-1)).toContain(NUMBER);
    },
    SEVERAL_LOOKS_MS,
  );

  it(
    'in grace it rings; afterwards it is out of service until its money comes',
    async () => {
      const [phone] = mina.terminals;
      await passDays(400);
      const late = await reaches('grace');
      expect(await explained()).toContain(phone?.id);
      await passDays(31);
      await reaches('lapsed');
      expect(await explained()).not.toContain(phone?.id);
      const { paymentReference, amount } = await bill(late.renewal.billId);
      await service.api.post('/v1/deposits', { paymentReference, noticeId: 'third year', amount });
      await reaches('current');
      expect(await explained()).toContain(phone?.id);
    },
    SEVERAL_LOOKS_MS,
  );
});
