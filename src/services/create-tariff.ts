import { readTariff, type Tariff, type WrittenTariff } from '../domain/billing/tariffs/index.ts';
import { type Actor, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

export type CreateTariff = { readonly actor: Actor; readonly tariff: WrittenTariff };

/**
 * Makes a tariff without versions (R23). The same again makes nothing and gives the one that is there.
 * @returns refused with `tariff-name-malformed`, `currency-unknown`, `time-zone-unknown`, `tariff-exists` where
 *   another has the name, or as `permit` does
 */
export async function createTariff(
  ports: Pick<ServicePorts, 'bus' | 'clock' | 'tariffs'>,
  { actor, tariff: written }: CreateTariff,
): Promise<Result<Tariff>> {
  const permitted = permit(actor, 'set-tariffs');
  if (!permitted.ok) return permitted;
  const read = readTariff(written, ports.clock.nowMs());
  if (!read.ok) return read;
  const tariff = await ports.tariffs.create(read.value);
  const { kind, currency, timeZone } = tariff;
  if (kind !== written.kind || currency !== written.currency || timeZone !== written.timeZone) {
    const detail = `${tariff.name} is a ${kind} tariff in ${currency} and ${timeZone}, and stays one.`;
    return refuse('tariff-exists', detail, '/name');
  }
  ports.bus.publish({ kind: 'tariff-changed', tariff: tariff.name });
  return accept(tariff);
}
