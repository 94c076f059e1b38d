import type { Api } from './api.ts';

/** What a phone has to know to register. */
export type TerminalAccess = {
  readonly id: string;
  readonly user: string;
  readonly password: string;
  readonly realm: string;
};

export type IndividualInWorld = {
  readonly memberId: string;
  /** `02-6200-1000-082` */
  readonly number: string;
  /** What a phone dials: `0262001000082`. */
  readonly dial: string;
  readonly terminals: readonly TerminalAccess[];
};

export type EnterpriseInWorld = {
  readonly memberId: string;
  /** `6200-6200` */
  readonly number: string;
  /** What a phone dials to reach a branch: `dial('082')` is `62006200%23082`. */
  readonly dial: (countryCode: string) => string;
  /** One terminal a branch, by its country code. */
  readonly branches: Readonly<Record<string, TerminalAccess>>;
};

/** What the service knows: enough to call between countries and into branches. */
export type World = {
  readonly korean: IndividualInWorld;
  readonly american: IndividualInWorld;
  readonly japanese: IndividualInWorld;
  readonly enterprise: EnterpriseInWorld;
};

const RANGES = [
  { range: '02-6200-XXXX', countryCode: '082', price: { amount: '55000', currency: 'KRW' } },
  { range: '650-620-XXXX', countryCode: '001', price: { amount: '40.00', currency: 'USD' } },
  { range: '03-6200-XXXX', countryCode: '081', price: { amount: '6000', currency: 'JPY' } },
  { range: '6200-XXXX', price: { amount: '400.00', currency: 'USD' } },
] as const;

/** Puts the numbers of the world on sale, as an operator. */
export async function openSale(api: Api): Promise<void> {
  for (const range of RANGES) await api.post('/v1/number-ranges', range);
}

/** Builds the whole world through the API, as an operator, the way customers come to be. */
export async function buildWorld(api: Api): Promise<World> {
  await openSale(api);
  const korean = await addIndividual(api, { countryCode: '082', number: '02-6200-1234-082', phones: 2 });
  const american = await addIndividual(api, { countryCode: '001', number: '650-620-4567-001' });
  const japanese = await addIndividual(api, { countryCode: '081', number: '03-6200-4711-081' });
  return { korean, american, japanese, enterprise: await addEnterprise(api, '6200-6275') };
}

/** Registers an individual, sells it a number and gives it phones. */
export async function addIndividual(
  api: Api,
  wish: { readonly countryCode: string; readonly number: string; readonly phones?: number },
): Promise<IndividualInWorld> {
  const { countryCode, number, phones = 1 } = wish;
  const memberId = await registerMember(api, 'individual', number);
  await sellNumber(api, memberId, number);
  const terminals: TerminalAccess[] = [];
  for (let phone = 0; phone < phones; phone += 1) {
    terminals.push(await addTerminal(api, memberId, countryCode));
  }
  return { memberId, number, dial: number.replaceAll('-', ''), terminals };
}

async function addEnterprise(api: Api, number: string): Promise<EnterpriseInWorld> {
  const memberId = await registerMember(api, 'enterprise', number);
  await sellNumber(api, memberId, number);
  const branches: Record<string, TerminalAccess> = {};
  for (const countryCode of ['082', '001', '081']) {
    await api.post(`/v1/members/${memberId}/branches`, { countryCode, name: `Branch ${countryCode}` });
    branches[countryCode] = await addTerminal(api, memberId, countryCode);
  }
  const dial = (countryCode: string) => `${number.replaceAll('-', '')}%23${countryCode}`;
  return { memberId, number, dial, branches };
}

/** A new member without a number. */
export async function registerMember(
  api: Api,
  kind: 'individual' | 'enterprise',
  name: string,
): Promise<string> {
  const { id } = await api.post<{ id: string }>('/v1/members', {
    kind,
    identity: { name: `Holder of ${name}`, address: 'Somewhere 1' },
    language: 'en',
    email: `holder-of-${name.toLowerCase()}@members.example`,
    reachableNumber: '+82262006200',
  });
  return id;
}

type Order = {
  readonly id: string;
  readonly state: string;
  readonly price: { readonly amount: string; readonly currency: string };
  readonly paymentRequest?: { readonly reference: string };
};

/** Quote and confirmation (R6–R8): the number is held, and the payment asked for. */
export async function orderNumber(api: Api, memberId: string, number: string): Promise<Order> {
  const quoted = await api.post<Order>('/v1/number-orders', { number, memberId });
  return api.post<Order>(`/v1/number-orders/${quoted.id}/confirmation`);
}

/** Records the payment of an order (R9): from then on the number is the buyer's. */
export async function payOrder(api: Api, order: Order): Promise<void> {
  await api.post('/v1/deposits', {
    paymentReference: order.paymentRequest?.reference,
    noticeId: `bank notice of ${order.id}`,
    amount: order.price,
  });
}

export async function sellNumber(api: Api, memberId: string, number: string): Promise<void> {
  await payOrder(api, await orderNumber(api, memberId, number));
}

export async function addTerminal(api: Api, memberId: string, countryCode: string): Promise<TerminalAccess> {
  const { terminal, password, realm } = await api.post<{
    terminal: { id: string; user: string };
    password: string;
    realm: string;
  }>('/v1/terminals', { memberId, countryCode, name: 'phone' });
  return { id: terminal.id, user: terminal.user, password, realm };
}
