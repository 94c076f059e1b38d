import type { Trunk } from '../domain/centres/index.ts';
import type { CalledParty } from '../domain/exchange/call/index.ts';
import type { LiveProcess, Processes, SipHop } from './ports/index.ts';
import type { Errand, Hops, OutwardRing, Way } from './ring.ts';
import type { ServingProcesses } from './serving-processes.ts';

/** The other processes of the service, as calls need them. */
export type OtherProcesses = {
  readonly processes: Pick<Processes, 'self' | 'find' | 'hosting'>;
  readonly serving: Pick<ServingProcesses, 'of'>;
};

/** The ways to the phones of a terminal that other processes serve. */
export function waysToTerminal({ processes, serving }: OtherProcesses, terminalId: string): Way[] {
  const ways: Way[] = [];
  for (const id of serving.of(terminalId)) {
    const process = processes.find(id);
    if (process !== undefined) ways.push(...wayTo(process, { kind: 'terminal', terminalId }));
  }
  return ways;
}

/** Whether this process speaks with a trunk itself: it hosts its centre. */
export function speaksWith({ processes }: Pick<OtherProcesses, 'processes'>, { centre }: Trunk): boolean {
  const self = processes.find(processes.self);
  return self?.centres?.includes(centre) ?? true;
}

/** The ways to a trunk that other processes speak with: each that hosts its centre, one after the other. */
export function waysByOthers(
  { processes }: Pick<OtherProcesses, 'processes'>,
  trunk: Trunk,
  {
    called,
    calling,
    isEmergency,
  }: {
    readonly called: string;
    readonly calling?: string | undefined;
    readonly isEmergency: boolean;
  },
  party: CalledParty,
): OutwardRing[] {
  const errand: Errand = {
    kind: 'trunk',
    trunk: trunk.name,
    called,
    ...(calling === undefined ? {} : { calling }),
    ...(isEmergency ? { isEmergency } : {}),
  };
  return processes
    .hosting(trunk.centre)
    .filter(({ id }) => id !== processes.self)
    .flatMap((process) => wayTo(process, errand))
    .map((way) => ({ way, party, asksNextAfter404: trunk.tryNextAfter404 }));
}

function wayTo({ id, address }: LiveProcess, errand: Errand): Way[] {
  const hop = hopOf(address);
  return hop === undefined ? [] : [{ kind: 'process', processId: id, hops: [hop] satisfies Hops, errand }];
}

/** Where a process is reached: `127.0.0.1:5060`, `[::1]:5060`. */
export function hopOf(address: string): SipHop | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address);
  const host = match?.[1] ?? match?.[2];
  return host === undefined ? undefined : { transport: 'udp', address: host, port: Number(match?.[3]) };
}
