import type { Service, TerminalAccess } from '../service/index.ts';
import { Baresip } from './baresip.ts';
import { Linphone } from './linphone.ts';
import type { Phone } from './phone.ts';
import { speechOf } from './speech.ts';

export type FleetWish = {
  readonly kind: 'baresip' | 'linphone';
  readonly terminal: TerminalAccess;
  readonly transport: 'udp' | 'tcp';
  /** Whose words it speaks. */
  readonly speaker: 0 | 1 | 2 | 3;
};

/** Ports a phone takes for itself. */
const PORTS_A_PHONE = 20;

/** Starts real phones that are registered at a service, each on ports of its own from `firstPort` on. */
export async function startPhones<Name extends string>(
  service: Service,
  firstPort: number,
  wishes: Readonly<Record<Name, FleetWish>>,
): Promise<Record<Name, Phone> & { stopAll(): Promise<void> }> {
  const names = Object.keys(wishes) as Name[];
  const starts = names.map((name, index) =>
    startPhone(service, wishes[name], firstPort + index * PORTS_A_PHONE),
  );
  const settled = await Promise.allSettled(starts);
  const started = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const stopAll = async () => {
    await Promise.all(started.map((phone) => phone.stop()));
  };
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed !== undefined) {
    await stopAll();
    throw failed.reason;
  }
  const phones = Object.fromEntries(names.map((name, index) => [name, started[index]])) as Record<
    Name,
    Phone
  >;
  return { ...phones, stopAll };
}

function startPhone(service: Service, wish: FleetWish, port: number): Promise<Phone> {
  const { kind, terminal, transport, speaker } = wish;
  const { user, password, realm } = terminal;
  const server = { address: service.sipAddress, password, realm, transport };
  const speech = speechOf(speaker);
  return kind === 'baresip'
    ? Baresip.start({ user, server, port, answers: 'when-told', speech })
    : Linphone.start({ user, server, port, speech });
}
