import { describe, expect, it } from 'vitest';
import { accepted, OPERATOR, serviceWorld, somebody } from '../../test/support/service-world.ts';
import { NOTHING_CHARGED } from '../domain/billing/charging/index.ts';
import type { PendingTransfer } from '../domain/billing/ledger/index.ts';
import { addWebhook } from './add-webhook.ts';
import type { Mail, Reservation } from './ports/index.ts';
import { SpendingWatch } from './watch-spending.ts';

const WON = 1_000_000n;

async function watching() {
  const world = serviceWorld();
  const mina = await somebody(world, 'mina');
  const mails: Mail[] = [];
  const proofs = {
    mailer: {
      send: async (mail: Mail) => {
        mails.push(mail);
        return { ok: true, value: null } as const;
      },
    },
  };
  const url = 'https://hooks.example/money';
  accepted(await addWebhook(world, { actor: OPERATOR, url, topics: ['balance', 'alarms'] }));
  const setUp = {
    ...NOTHING_CHARGED,
    lowBalances: [{ currency: 'KRW', micros: 1_000n * WON }],
    alarmMail: 'fraud@omnidial.example',
  } as const;
  const watch = new SpendingWatch({
    ...world,
    proofs,
    setUp: () => setUp,
    dayLimitOf: () => 10_000n * WON,
    onTrouble: (error) => {
      throw error;
    },
  });
  const answered = async (won: number, reservation: Reservation) => {
    const transfer: PendingTransfer = {
      kind: 'pending',
      id: 'slice',
      debit: `member/${mina.memberId}`,
      credit: 'call-revenue',
      currency: 'KRW',
      micros: BigInt(won) * WON,
      purpose: 'call',
      subject: 'call/1/sale',
      atMs: 0,
      expiresAtMs: 1,
    };
    const before = mails.length;
    watch.answered(transfer, reservation);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    return mails.slice(before).map(({ to }) => to);
  };
  const email = (await world.members.find(mina.memberId))?.email ?? '';
  return { answered, email, mails };
}

const reserved = (available: number, spent: number): Reservation => ({
  kind: 'reserved',
  after: { availableMicros: BigInt(available) * WON, spentTodayMicros: BigInt(spent) * WON },
});

describe('R23: alarm before the damage', () => {
  it('a member is told once when its credit runs low', async () => {
    const { answered, email, mails } = await watching();
    expect(await answered(60, reserved(1_000, 60))).toEqual([]);
    expect(await answered(60, reserved(940, 120))).toEqual([email]);
    expect(await answered(60, reserved(880, 180))).toEqual([]);
    expect(mails[0]?.text).toContain('940 KRW');
  });

  it('the operator and the member are told once at four fifths of the daily limit', async () => {
    const { answered, email } = await watching();
    expect(await answered(60, reserved(50_000, 7_999))).toEqual([]);
    expect(await answered(60, reserved(50_000, 8_000))).toEqual(['fraud@omnidial.example', email]);
    expect(await answered(60, reserved(50_000, 8_060))).toEqual([]);
  });

  it('the operator and the member are told once a day that the limit is reached', async () => {
    const { answered, email } = await watching();
    const refused: Reservation = { kind: 'exceeded', availableMicros: 0n, why: 'day-limit' };
    expect(await answered(60, { ...refused, availableMicros: 1_001n * WON })).toEqual([]);
    expect(await answered(60, refused)).toEqual(['fraud@omnidial.example', email]);
    expect(await answered(60, refused)).toEqual([]);
    expect(await answered(60, { kind: 'exceeded', availableMicros: 0n, why: 'credit' })).toEqual([]);
  });
});
