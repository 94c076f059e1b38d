import {
  type Api,
  addTerminal,
  openSale,
  registerMember,
  sellNumber,
  type TerminalAccess,
} from '../../test/support/service/index.ts';
import { credentials } from '../../test/support/sipp/index.ts';

/** Somebody with a number and a phone. */
export type Subscriber = {
  readonly memberId: string;
  readonly dial: string;
  readonly terminal: TerminalAccess;
};

const AT_ONCE = 8;

/** Registers members and sells each a number and a phone, through the API. */
export async function makeSubscribers(api: Api, count: number): Promise<Subscriber[]> {
  await openSale(api);
  const subscribers: Subscriber[] = [];
  for (let done = 0; done < count; done += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - done) }, (_, index) => done + index);
    subscribers.push(...(await Promise.all(some.map((index) => makeSubscriber(api, index)))));
  }
  return subscribers;
}

async function makeSubscriber(api: Api, index: number): Promise<Subscriber> {
  const number = `02-6200-${String(1000 + index).padStart(4, '0')}-082`;
  const memberId = await registerMember(api, 'individual', number);
  await sellNumber(api, memberId, number);
  const terminal = await addTerminal(api, memberId, '082');
  return { memberId, dial: number.replaceAll('-', ''), terminal: await withUsablePassword(api, terminal) };
}

/** SIPp takes a password that begins with `0x` for a number in hexadecimal. */
async function withUsablePassword(api: Api, terminal: TerminalAccess): Promise<TerminalAccess> {
  if (!terminal.password.startsWith('0x')) return terminal;
  const { password } = await api.post<{ password: string }>(`/v1/terminals/${terminal.id}/password`);
  return withUsablePassword(api, { ...terminal, password });
}

/** The rows of the scenario `terminal`. */
export function registrationRows(subscribers: readonly Subscriber[]): string[][] {
  return subscribers.map(({ terminal: { user, password } }) => [user, credentials(user, password)]);
}

/** The rows of the scenario `caller-with-digest`: each caller calls another callee than the one before. */
export function callRows(callers: readonly Subscriber[], callees: readonly Subscriber[]): string[][] {
  return callers.map(({ terminal: { user, password } }, index) => [
    user,
    credentials(user, password),
    callees[index % callees.length]?.dial ?? '',
  ]);
}
