import { createInProcessBus } from '../../src/adapters/bus/index.ts';
import { createIdentifiers, systemHash } from '../../src/adapters/entropy/index.ts';
import { createMemoryStores, type MarketAndMemberStores } from '../../src/adapters/memory/index.ts';
import type { Money } from '../../src/domain/billing/index.ts';
import type { Order } from '../../src/domain/market/index.ts';
import type { Actor, MemberKind } from '../../src/domain/members/index.ts';
import type { Result } from '../../src/domain/refusal/index.ts';
import { addNumberRange } from '../../src/services/add-number-range.ts';
import type { DirectoryChange, ServicePorts } from '../../src/services/ports/index.ts';
import type { PaymentOutcome } from '../../src/services/receive-payment.ts';
import { registerMember } from '../../src/services/register-member.ts';

/** Everything the use cases need, with time and chance in the hands of a test. */
export type ServiceWorld = ServicePorts & {
  readonly directory: MarketAndMemberStores['directory'];
  /** What the exchange was told, in order. */
  readonly told: readonly DirectoryChange[];
  /** Lets time pass. */
  wait(ms: number): void;
};

export const OPERATOR: Actor = { role: 'operator', userId: 'the operator' };

export const PRICE: Money = { currency: 'KRW', micros: 55_000_000_000n };

const START_MS = 1_793_000_000_000;

/** The numbers of one generator, the same in every run, as bytes. */
function repeatableRandomness(): ServicePorts['randomness'] {
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state & 0xff;
  };
  return { bytes: (count) => Uint8Array.from({ length: count }, next) };
}

/** The use cases' world on these stores. */
export function serviceWorld(stores: MarketAndMemberStores = createMemoryStores()): ServiceWorld {
  let nowMs = START_MS;
  const clock = { nowMs: () => nowMs };
  const told: DirectoryChange[] = [];
  const bus = createInProcessBus((error) => {
    throw error;
  });
  bus.subscribe((change) => told.push(change));
  const randomness = repeatableRandomness();
  return {
    ...stores,
    agreements: { list: () => [] },
    bus,
    clock,
    hash: systemHash,
    proofs: {},
    identifiers: createIdentifiers(clock, randomness),
    randomness,
    settings: {
      sipRealm: 'omnidial.example',
      depositAccounts: { KRW: { bank: 'Han River Bank', account: '123-456-789012', holder: 'Omnidial' } },
    },
    told,
    wait: (ms) => {
      nowMs += ms;
    },
  };
}

/** The value of a result that has to be accepted. */
export function accepted<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`Refused: ${result.refusal.code}, ${result.refusal.detail}`);
  return result.value;
}

/** The code of a result that has to be refused. */
export function refusedWith(result: Result<unknown>): string {
  if (result.ok) throw new Error('Accepted, where a refusal was expected.');
  return result.refusal.code;
}

/** The order that was paid. */
export function paidOrder({ order }: PaymentOutcome): Order {
  if (order === undefined) throw new Error('The payment was for no order.');
  return order;
}

/** A member, and somebody who acts for it. */
export type Somebody = { readonly memberId: string; readonly actor: Actor };

/** Registers a member with an account of its own. */
export async function somebody(
  world: ServiceWorld,
  name: string,
  kind: MemberKind = 'individual',
): Promise<Somebody> {
  const member = accepted(
    await registerMember(world, {
      actor: { role: 'newcomer', userId: name },
      kind,
      identity: { name, address: '1 Sejong-daero, Seoul' },
      language: 'ko',
      email: `${name.replaceAll(' ', '.')}@mail.example`,
      reachableNumber: '+82 2-6200-6200',
    }),
  );
  const role = kind === 'individual' ? 'individual' : 'enterprise-administrator';
  return { memberId: member.id, actor: { role, userId: name, memberId: member.id } };
}

/** Puts `02-6200-XXXX` of Korea and `6200-XXXX` on sale. */
export async function openSale(world: ServiceWorld): Promise<void> {
  const sale = { actor: OPERATOR, price: PRICE };
  accepted(await addNumberRange(world, { ...sale, range: '02-6200-XXXX', countryCode: '082' }));
  accepted(await addNumberRange(world, { ...sale, range: '6200-XXXX' }));
}
