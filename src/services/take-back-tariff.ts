import type { TariffVersion } from '../domain/billing/tariffs/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

export type TakeBackTariff = {
  readonly actor: Actor;
  readonly tariff: string;
  /** Of the version, which makes a repetition harmless: it never takes back a second one. */
  readonly number: number;
};

/**
 * Takes a version back: from now on the version before is in force again (R23). Nothing is deleted, and what a call of
 * the past cost stays. Taken back again, it stays as it is.
 * @returns refused with `not-found`, or as `permit` does
 */
export async function takeBackTariff(
  { bus, clock, tariffs }: Pick<ServicePorts, 'bus' | 'clock' | 'tariffs'>,
  { actor, tariff, number }: TakeBackTariff,
): Promise<Result<TariffVersion>> {
  const permitted = permit(actor, 'set-tariffs');
  if (!permitted.ok) return permitted;
  const version = await tariffs.takeBack(tariff, number, clock.nowMs());
  if (version === undefined) return notFound(`There is no version ${number} of a tariff ${tariff}.`);
  bus.publish({ kind: 'tariff-changed', tariff });
  return accept(version);
}
