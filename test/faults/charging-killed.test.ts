import { afterAll, beforeAll, expect, it } from 'vitest';
import { DATABASES, describeDatabase } from '../support/databases.ts';
import { OutgoingCall, RawPhone } from '../support/raw-phone/index.ts';
import {
  addIndividual,
  CentreProcess,
  createOperator,
  creditOf,
  expectSoundLedger,
  giveCredit,
  type IndividualInWorld,
  openSale,
  publishTariff,
  type ShownCall,
  setUpNetwork,
  standingOf,
} from '../support/service/index.ts';
import { type Carrier, startCarrier } from '../support/sipp/index.ts';

const SIP_PORT = 24_720;
const CARRIER_PORT = 24_760;
const CARRIER_ADDRESS = '127.0.0.20';

/** How long calls are made while processes are killed; ten minutes have been tried. */
const KILL_SECONDS = Number(process.env['OMNIDIAL_KILL_SECONDS'] ?? 40);
const CALLS_EVERY_MS = 250;
const LONGEST_TALK_MS = 4_000;

/** A won a second to who calls, and half of it to the carrier. */
const PLAN = ['82,Korea,60,1/1,open'];
const ROUTES = ['82,30,KRW,1,1'];

const trunk = (centre: string, port: number) => ({
  kind: 'carrier',
  centre,
  gateways: [{ host: CARRIER_ADDRESS, port }],
  channels: 1_000,
  silence: '1s',
  numbers: { country: 'KR', called: { form: 'national' } },
});

/** Each centre has a carrier that takes Korean numbers, so that each goes on without the others. */
const WORLD = {
  centres: { KR: { countries: ['KR'] }, US: { countries: ['US'] }, JP: { countries: ['JP'] } },
  trunks: {
    kt: trunk('KR', CARRIER_PORT),
    hudson: trunk('US', CARRIER_PORT + 20),
    ntt: trunk('JP', CARRIER_PORT + 40),
  },
};

type Charge = {
  readonly callId: string;
  readonly kind: string;
  readonly amount: { readonly amount: string };
};

for (const server of DATABASES.slice(0, 1)) {
  describeDatabase(server, 'R23: calls that cost something, on three processes', (fresh) => {
    let centres: readonly CentreProcess[] = [];
    let carriers: readonly Carrier[] = [];
    let mina: IndividualInWorld;
    const phones: RawPhone[] = [];

    beforeAll(async () => {
      const { url } = await fresh();
      const key = await createOperator(url);
      const start = (centre: string, address: string) =>
        CentreProcess.start({ databaseUrl: url, centre, address, sipPort: SIP_PORT }, key);
      centres = await Promise.all([
        start('KR', '127.0.0.14'),
        start('US', '127.0.0.15'),
        start('JP', '127.0.0.16'),
      ]);
      const [first] = centres as [CentreProcess];
      await openSale(first.api);
      mina = await addIndividual(first.api, { countryCode: '082', number: '02-6200-1234-082', phones: 3 });
      await setUpNetwork(first.api, WORLD, { kt: ROUTES, hudson: ROUTES, ntt: ROUTES });
      await publishTariff(first.api, 'retail-kr', 'retail', PLAN);
      await first.api.put('/v1/charging', { charging: { defaultPlan: 'retail-kr' } });
      carriers = await Promise.all(
        [0, 20, 40].map((offset) =>
          startCarrier({
            answer: 'answers',
            waitMs: 20,
            address: CARRIER_ADDRESS,
            port: CARRIER_PORT + offset,
          }),
        ),
      );
      for (const [at, centre] of centres.entries()) {
        const { user = '', password = '' } = mina.terminals[at] ?? {};
        phones.push(await RawPhone.open({ user, password, server: centre.sipAddress }));
      }
      await pause(1_500);
    }, 120_000);

    afterAll(async () => {
      for (const phone of phones) phone.close();
      for (const carrier of carriers) await carrier.close();
      await Promise.all(centres.map((centre) => centre.end('SIGKILL')));
    });

    const api = () => (centres[0] as CentreProcess).api;
    let numbers = 0;
    const newNumber = () => `0231${String(100_000 + ++numbers).slice(1)}`;
    const nothingReserved = (withinMs: number) =>
      expect
        .poll(async () => (await creditOf(api(), mina.memberId)).reserved, {
          timeout: withinMs,
          interval: 250,
        })
        .toBe(0);

    it('thirty at once share one credit, whichever process takes them: what is spent is what there was', async () => {
      await giveCredit(api(), mina.memberId, 7);
      const calls = Array.from({ length: 30 }, (_, at) => {
        return new OutgoingCall(phones[at % 3] as RawPhone, newNumber());
      });
      const answers = await Promise.all(calls.map((call) => call.final()));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(29).fill(402)]);
      await calls[answers.findIndex(({ status }) => status === 200)]?.hungUp(20_000);
      await nothingReserved(5_000);
      expect((await creditOf(api(), mina.memberId)).won).toBe(0);
      expect(await standingOf(api(), 'call-revenue')).toBe(7);
      await expectSoundLedger(api());
    });

    it(
      'killed at random moments: no charge is lost or doubled, no credit is below zero, every reservation ends',
      async () => {
        await giveCredit(api(), mina.memberId, 100_000);
        const begunAt = performance.now();
        const isOver = () => performance.now() - begunAt > KILL_SECONDS * 1_000;
        const answered: string[] = [];
        const talking = new Set<Promise<void>>();
        const dial = async (phone: RawPhone) => {
          const number = newNumber();
          const call = new OutgoingCall(phone, number);
          const { status } = await call.final(8_000);
          if (status !== 200) return;
          answered.push(number);
          await pause(Math.random() * LONGEST_TALK_MS);
          await call.bye();
        };
        const load = (async () => {
          for (let turn = 0; !isOver(); turn += 1) {
            // Who calls a process that is dead hears nothing.
            talking.add(dial(phones[turn % 3] as RawPhone).catch(() => {}));
            await pause(CALLS_EVERY_MS);
          }
        })();
        let kills = 0;
        while (!isOver()) {
          await pause(1_000 + Math.random() * 3_000);
          const victim = centres[kills % 3] as CentreProcess;
          await victim.end('SIGKILL');
          kills += 1;
          await pause(Math.random() * 2_000);
          await victim.launch();
          const { won, reserved } = await creditOf(api(), mina.memberId);
          expect(won - reserved).toBeGreaterThanOrEqual(0);
        }
        await load;
        await Promise.all(talking);
        const open = async () =>
          (await api().list<ShownCall>('/v1/calls')).filter(({ endedAt }) => endedAt === undefined).length;
        await expect.poll(open, { timeout: 60_000, interval: 500 }).toBe(0);
        await nothingReserved(10_000);

        const records = await api().list<ShownCall>('/v1/calls');
        const charges = await api().list<Charge>('/v1/charges');
        const recordOf = new Map(records.map((record) => [record.dialled ?? '', record]));
        const unrecorded = answered.filter((number) => recordOf.get(number)?.answeredAt === undefined);
        expect(unrecorded).toEqual([]);
        const paid = records.filter(({ answeredAt }) => answeredAt !== undefined);
        const kindsOf = (callId: string) =>
          charges
            .filter((charge) => charge.callId === callId)
            .map(({ kind }) => kind)
            .sort();
        expect(paid.filter(({ id }) => kindsOf(id).join() !== 'cost,sale')).toEqual([]);
        expect(new Set(charges.map(({ callId }) => callId)).size).toBe(paid.length);
        const sales = charges.filter(({ kind }) => kind === 'sale');
        const sold = sales.reduce((sum, { amount }) => sum + Number(amount.amount), 0);
        expect(await standingOf(api(), 'call-revenue')).toBe(sold);
        expect((await creditOf(api(), mina.memberId)).won).toBe(100_007 - sold);
        expect(await standingOf(api(), 'uncollected')).toBe(0);
        await expectSoundLedger(api());
        console.log(
          `${kills} kills in ${KILL_SECONDS} s: ${numbers} calls, ${answered.length} heard answered, ` +
            `${paid.length} charged ${sold} won`,
        );
        expect(kills).toBeGreaterThan(KILL_SECONDS / 10);
        expect(answered.length).toBeGreaterThan(KILL_SECONDS);
      },
      (KILL_SECONDS + 180) * 1_000,
    );
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
