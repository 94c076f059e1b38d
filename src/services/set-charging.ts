import { type ChargingSetUp, readChargingSetUp } from '../domain/billing/charging/index.ts';
import type { Tariff } from '../domain/billing/tariffs/index.ts';
import { type Actor, permit } from '../domain/members/index.ts';
import { accept, type Fault, type Result, refuse, refuseAll } from '../domain/refusal/index.ts';
import type { ChargingRevision, ServicePorts } from './ports/index.ts';

type ChargingPorts = Pick<ServicePorts, 'bus' | 'centres' | 'charging' | 'tariffs'>;

/** How calls are charged. @returns refused as `permit` does */
export async function viewCharging(
  { charging }: Pick<ServicePorts, 'charging'>,
  actor: Actor,
): Promise<Result<ChargingRevision>> {
  const permitted = permit(actor, 'set-tariffs');
  return permitted.ok ? accept(await charging.load()) : permitted;
}

export type SetCharging = {
  readonly actor: Actor;
  /** In the form of `readChargingSetUp`. */
  readonly setUp: unknown;
  /** The revision that was looked at; absent where whatever is there is to be replaced. */
  readonly revision?: bigint;
};

/**
 * Sets how calls are charged (R23): all of it, at once.
 * @returns refused with `charging-invalid`, also where a tariff or trunk that it names is not there,
 *   `configuration-changed`, or as `permit` does
 */
export async function setCharging(
  ports: ChargingPorts,
  { actor, setUp: written, revision }: SetCharging,
): Promise<Result<ChargingRevision>> {
  const permitted = permit(actor, 'set-tariffs');
  if (!permitted.ok) return permitted;
  const read = readChargingSetUp(written);
  if (!read.ok) return read;
  const missing = await missingIn(ports, read.value);
  if (missing.length > 0) {
    return refuseAll('charging-invalid', `Charging cannot be set up so: ${missing[0]?.detail}`, missing);
  }
  const before = revision ?? (await ports.charging.load()).revision;
  const after = await ports.charging.change(before, read.value);
  if (after === undefined) {
    return refuse('configuration-changed', 'Somebody else changed how calls are charged: read it again.');
  }
  ports.bus.publish({ kind: 'charging-changed' });
  return accept({ revision: after, setUp: read.value });
}

/** What is named and is not there: a call could not be priced by it. */
async function missingIn({ centres, tariffs }: ChargingPorts, setUp: ChargingSetUp): Promise<Fault[]> {
  const { configuration } = await centres.load();
  const trunks = new Set(configuration.trunks.map(({ name }) => name));
  const known = new Map((await tariffs.all()).map(({ tariff }) => [tariff.name, tariff]));
  const faults: Fault[] = [];
  const needsTariff = (
    pointer: string,
    name: string | undefined,
    { kind, currency }: Partial<Pick<Tariff, 'kind' | 'currency'>> = {},
  ) => {
    if (name === undefined) return;
    const found = known.get(name);
    if (found === undefined) faults.push({ pointer, detail: `There is no tariff ${name}.` });
    else if (kind !== undefined && found.kind !== kind) {
      const detail = `The tariff ${name} is a ${found.kind} one, and this needs a ${kind} one.`;
      faults.push({ pointer, detail });
    } else if (currency !== undefined && found.currency !== currency) {
      const detail = `The tariff ${name} is in ${found.currency}, and this is settled in ${currency}.`;
      faults.push({ pointer, detail });
    }
  };
  needsTariff('/defaultPlan', setUp.defaultPlan, { kind: 'retail' });
  for (const [at, plan] of setUp.plansBelowCost.entries()) needsTariff(`/plansBelowCost/${at}`, plan);
  for (const [at, agreement] of setUp.agreements.entries()) {
    const pointer = `/agreements/${at}`;
    if (!trunks.has(agreement.trunk)) {
      faults.push({ pointer: `${pointer}/trunk`, detail: `There is no trunk ${agreement.trunk}.` });
    }
    const { currency } = agreement;
    needsTariff(`${pointer}/outboundTariff`, agreement.outboundTariff, { kind: 'carrier', currency });
    needsTariff(`${pointer}/inboundTariff`, agreement.inboundTariff, { currency });
    needsTariff(`${pointer}/transitTariff`, agreement.transitTariff, { currency });
  }
  return faults;
}
