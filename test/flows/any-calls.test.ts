import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallWorld } from '../support/flows/call-world.ts';
import type { LivingPhone } from '../support/flows/living-phone.ts';
import { expectNothingLeft } from '../support/flows/nothing-left.ts';

/** The last is a gateway to another network. */
const NAMES = ['alice', 'bob', 'carol', 'kt'] as const;
const NUMBERS: Readonly<Record<string, readonly string[]>> = {
  '1': ['alice'],
  '2': ['bob'],
  '3': ['carol'],
  '4': ['bob', 'carol'],
  '5': ['alice', 'bob', 'carol'],
};
/** Numbers that lead out, one of them first by a carrier that says nothing. */
const CARRIERS = { '6': ['kt'], '7': ['dead', 'kt'] };

const phone = fc.constantFrom(...NAMES);
const number = fc.constantFrom(...Object.keys(NUMBERS), ...Object.keys(CARRIERS), '9');
/** Which of its conversations a phone does it in. */
const which = fc.nat({ max: 2 });

const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('dial'), phone, number }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('answer'), phone }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('hang up'), phone, which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('change'), phone, which }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('transfer'), phone, which, number }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('join'), phone, which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('vanish'), phone }) },
);
type Act = { kind: string; phone: string; which?: number; number?: string };
/** Conversations that are there before anything happens: who calls whom. */
const before = fc.subarray([
  ['alice', 'bob'],
  ['alice', 'carol'],
  ['carol', 'bob'],
] as const);
/** How long the phones wait before the next act; 1 ms is the time one message takes. */
const pause = fc.constantFrom(0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 8, 20, 20, 600, 5_000, 70_000);
const losses = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(fc.nat({ max: 120 }), { maxLength: 40 }) },
);

function perform(living: LivingPhone, { kind, which = 0, number: dialled = '' }: Act): void {
  const talking = living.live.filter(({ state }) => state === 'talking');
  const conversation = talking[which % talking.length];
  switch (kind) {
    case 'dial':
      living.dial(dialled);
      break;
    case 'answer':
      living.live.find(({ state }) => state === 'ringing')?.answer();
      break;
    case 'hang up':
      living.live[which]?.hangUp();
      break;
    case 'change':
      conversation?.change();
      break;
    case 'transfer':
      conversation?.transfer(`<sip:${dialled}@omnidial.example>`);
      break;
    case 'join': {
      const other = talking.find((one) => one !== conversation);
      const replaces = encodeURIComponent(other?.replaces ?? '');
      conversation?.transfer(`<sip:x@omnidial.example?Replaces=${replaces}>`);
      break;
    }
    case 'vanish':
      living.vanish();
      break;
  }
}

/** Who hears whom, and by which relay. */
function talks(phones: readonly LivingPhone[]): [string, string, string][] {
  const pairs = phones.flatMap(({ name, live }) =>
    live.map(({ hears, via }): [string, string, string] => [name, hears, via]),
  );
  return pairs.toSorted();
}

/** How sound goes: directly, or through a relay, which may be slow. */
const WAYS = [
  ['directly', {}],
  ['through a relay', { relay: 'at-once' }],
  ['through a relay that is slow', { relay: 3 }],
  ['through a relay that is so slow that people give up meanwhile', { relay: 700 }],
] as const;

describe('whatever three phones and another network do, and whatever is lost', () => {
  it.each(WAYS)(
    'every call ends, once, and nothing of it is left anywhere: %s',
    (_, way) => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(act, pause), { minLength: 2, maxLength: 40, size: 'max' }),
          before,
          losses,
          (acts, conversations, lostPackets) => {
            const world = new CallWorld(NUMBERS, {
              intervalSeconds: 200,
              carriers: CARRIERS,
              channels: 2,
              ...way,
            });
            const phones = NAMES.map((name) => world.living(name));
            for (const [caller, callee] of conversations) {
              world.living(caller).dial(String(NAMES.indexOf(callee) + 1));
              world.pass();
              perform(world.living(callee), { kind: 'answer', phone: callee });
              world.pass();
            }
            const lost = new Set(lostPackets);
            let count = 0;
            world.network.loses = () => lost.has(count++);
            for (const [each, afterMs] of acts) {
              const living = phones.find(({ name }) => name === each.phone);
              if (living !== undefined) perform(living, each);
              world.pass(afterMs);
            }
            world.pass(500_000);
            expect(talks(phones)).toEqual(
              talks(phones)
                .map(([one, other, via]) => [other, one, via])
                .toSorted(),
            );
            expect(talks(phones).length).toBe(
              2 * world.records().filter(({ phase }) => phase === 'answered').length,
            );
            for (let round = 0; round < 3; round += 1) {
              for (const { live } of phones) for (const conversation of live) conversation.hangUp();
              world.pass(300_000);
            }
            expect(phones.flatMap(({ name, live }) => live.map(({ state }) => `${name} ${state}`))).toEqual(
              [],
            );
            expectNothingLeft(world);
          },
        ),
        { numRuns: 300 },
      );
    },
    600_000,
  );
});
