import { readFileSync, writeFileSync } from 'node:fs';
import { RequestFailed, type ServiceClient } from '../service-client.ts';

/** A phone of the demo, and what it registers with. */
export type DemoPhone = {
  readonly terminalId: string;
  readonly user: string;
  readonly password: string;
};

export type DemoMember = {
  readonly id: string;
  readonly name: string;
  /** The number as people write it; none for who has not bought one yet. */
  readonly number?: string;
  /** One phone a place. */
  readonly phones: Readonly<Record<string, DemoPhone>>;
};

/** A small world to try the service in. */
export type DemoWorld = {
  readonly minji: DemoMember;
  readonly alex: DemoMember;
  /** Buys one more number at every start. */
  readonly sora: DemoMember;
  readonly hanbit: DemoMember;
};

const RANGES = [
  { range: '02-6200-XXXX', countryCode: '082', price: { amount: '55000', currency: 'KRW' } },
  { range: '212-555-XXXX', countryCode: '001', price: { amount: '45.00', currency: 'USD' } },
  { range: '6200-XXXX', price: { amount: '400.00', currency: 'USD' } },
];

/** Telephones of the members' own, from the ranges that are kept for examples where a country has them. */
const REACHABLE: Readonly<Record<string, string>> = {
  minji: '+82262006201',
  alex: '+12125550101',
  sora: '+82262006202',
  hanbit: '+82262006200',
};

/**
 * The demo's world on this database: built once through the API, and read back from `file` afterwards. Every step
 * may be repeated, so that a start which was interrupted is finished by the next.
 * @param tell takes a line for each thing that was done
 */
export async function demoWorld(
  api: ServiceClient,
  file: string,
  tell: (line: string) => void,
): Promise<DemoWorld> {
  const known = readWorld(file);
  if (known !== undefined) return known;
  for (const range of RANGES) await putOnSale(api, range);
  tell('number ranges on sale: KR 02-6200-XXXX, US 212-555-XXXX, enterprise 6200-XXXX');
  const people = {
    minji: ['Minji Lee', 'ko'],
    alex: ['Alex Rivera', 'en'],
    sora: ['Sora Kim', 'ko'],
  } as const;
  const minji = await addIndividual(api, 'minji', people.minji, {
    country: '082',
    number: '02-6200-6200-082',
  });
  const alex = await addIndividual(api, 'alex', people.alex, { country: '001', number: '212-555-0100-001' });
  const sora = await addIndividual(api, 'sora', people.sora, { country: '082' });
  const hanbit = await addEnterprise(api);
  for (const { name, number } of [minji, alex, hanbit]) tell(`${name} holds ${number}`);
  const world = { minji, alex, sora, hanbit };
  writeFileSync(file, JSON.stringify(world, undefined, 2), { mode: 0o600 });
  return world;
}

/**
 * Sells a number through the API: quote, confirmation, deposit.
 * @param wish the number, or the country whose first free one it shall be
 */
export async function sellNumber(
  api: ServiceClient,
  memberId: string,
  wish: { readonly number: string } | { readonly country: string },
  tell: (line: string) => void = () => {},
  once?: string,
): Promise<string> {
  const number = 'number' in wish ? wish.number : await firstFree(api, wish.country);
  const key = once ?? `demo ${number} for ${memberId}`;
  type Order = {
    id: string;
    price: { amount: string; currency: string };
    paymentRequest: { reference: string };
  };
  const quoted = await api.post<Order>('/v1/number-orders', { number, memberId }, keyOf(`${key} order`));
  const { amount, currency } = quoted.price;
  tell(`quoted    ${number} is approved for ${amount} ${currency}, and held for 30 minutes`);
  const confirmation = `/v1/number-orders/${quoted.id}/confirmation`;
  const { paymentRequest } = await api.post<Order>(confirmation, undefined, keyOf(`${key} confirmation`));
  tell(`confirmed the payment is asked for under ${paymentRequest.reference}`);
  const deposit = {
    paymentReference: paymentRequest.reference,
    noticeId: `demo-${quoted.id}`,
    amount: quoted.price,
  };
  await api.post('/v1/deposits', deposit, keyOf(`${key} deposit`));
  tell(`paid      the operator records the deposit: the number is assigned`);
  return number;
}

function refusedAs(error: unknown, code: string): boolean {
  return error instanceof RequestFailed && error.problem?.code === code;
}

function readWorld(file: string): DemoWorld | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DemoWorld;
  } catch {
    return undefined;
  }
}

/** An Idempotency-Key says nothing to people, and takes letters, digits and hyphens. */
function keyOf(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9-]+/g, '-');
}

async function putOnSale(api: ServiceClient, range: object): Promise<void> {
  try {
    await api.post('/v1/number-ranges', range);
  } catch (error) {
    if (!refusedAs(error, 'number-range-overlaps')) throw error;
  }
}

async function firstFree(api: ServiceClient, country: string): Promise<string> {
  const { items } = await api.get<{ items: { number: { text: string } }[] }>(
    `/v1/available-numbers?kind=personal&country=${country}&limit=1`,
  );
  const [free] = items;
  if (free === undefined) throw new Error(`All numbers of ${country} that are on sale are sold.`);
  return free.number.text;
}

async function addIndividual(
  api: ServiceClient,
  word: string,
  [name, language]: readonly [string, 'ko' | 'en'],
  place: { readonly country: string; readonly number?: string },
): Promise<DemoMember> {
  const id = await register(api, word, 'individual', name, language);
  const phones = { [place.country]: await addPhone(api, id, word, place.country) };
  if (place.number === undefined) return { id, name, phones };
  await sellNumber(api, id, { number: place.number }, undefined, `demo ${word}`);
  return { id, name, number: place.number, phones };
}

async function addEnterprise(api: ServiceClient): Promise<DemoMember> {
  const name = 'Hanbit Trading';
  const number = '6200-6200';
  const id = await register(api, 'hanbit', 'enterprise', name, 'ko');
  await sellNumber(api, id, { number }, undefined, 'demo hanbit');
  const phones: Record<string, DemoPhone> = {};
  for (const [country, city] of [
    ['082', 'Seoul'],
    ['001', 'New York'],
    ['081', 'Tokyo'],
  ] as const) {
    await openBranch(api, id, country, `${name} ${city}`);
    phones[country] = await addPhone(api, id, 'hanbit', country);
  }
  return { id, name, number, phones };
}

async function openBranch(
  api: ServiceClient,
  memberId: string,
  countryCode: string,
  name: string,
): Promise<void> {
  try {
    await api.post(`/v1/members/${memberId}/branches`, { countryCode, name });
  } catch (error) {
    if (!refusedAs(error, 'branch-already-open')) throw error;
  }
}

async function register(
  api: ServiceClient,
  word: string,
  kind: 'individual' | 'enterprise',
  name: string,
  language: 'ko' | 'en',
): Promise<string> {
  const form = {
    kind,
    identity: { name, address: '1 Demo Street' },
    language,
    email: `${word}@demo.example`,
    reachableNumber: REACHABLE[word] ?? '+82262006200',
  };
  const { id } = await api.post<{ id: string }>('/v1/members', form, keyOf(`demo ${word} member`));
  return id;
}

async function addPhone(
  api: ServiceClient,
  memberId: string,
  word: string,
  countryCode: string,
): Promise<DemoPhone> {
  const form = { memberId, countryCode, name: `${word}'s phone` };
  const { terminal, password } = await api.post<{ terminal: { id: string; user: string }; password: string }>(
    '/v1/terminals',
    form,
    keyOf(`demo ${word} phone ${countryCode}`),
  );
  return { terminalId: terminal.id, user: terminal.user, password };
}
