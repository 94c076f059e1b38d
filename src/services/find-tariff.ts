import { type TariffVersion, versionInForce } from '../domain/billing/tariffs/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { type Page, pageLimit, pageOf } from './page.ts';
import type { ServicePorts, TariffWithVersions } from './ports/index.ts';

/** A tariff with its versions, and the one in force. */
export type TariffView = TariffWithVersions & { readonly inForce?: TariffVersion };

type Ports = Pick<ServicePorts, 'clock' | 'tariffs'>;

export type FindTariff = { readonly actor: Actor; readonly name: string };

/** @returns refused with `not-found`, or as `permit` does */
export async function findTariff(ports: Ports, { actor, name }: FindTariff): Promise<Result<TariffView>> {
  const permitted = permit(actor, 'set-tariffs');
  if (!permitted.ok) return permitted;
  const found = await ports.tariffs.find(name);
  return found === undefined
    ? notFound(`There is no tariff ${name}.`)
    : accept(viewOf(found, ports.clock.nowMs()));
}

export type ListTariffs = {
  readonly actor: Actor;
  /** The last name of the page before. */
  readonly after?: string;
  readonly limit?: number;
};

/** The tariffs in the order of their names. @returns refused as `permit` does */
export async function listTariffs(
  ports: Ports,
  { actor, after = '', limit: asked }: ListTariffs,
): Promise<Result<Page<TariffView>>> {
  const permitted = permit(actor, 'set-tariffs');
  if (!permitted.ok) return permitted;
  const limit = pageLimit(asked);
  const nowMs = ports.clock.nowMs();
  const all = await ports.tariffs.all();
  const read = all.filter(({ tariff }) => tariff.name > after).slice(0, limit + 1);
  return accept(
    pageOf(
      read.map((each) => viewOf(each, nowMs)),
      limit,
      ({ tariff }) => tariff.name,
    ),
  );
}

function viewOf(found: TariffWithVersions, nowMs: number): TariffView {
  const inForce = versionInForce(found.versions, nowMs);
  return inForce === undefined ? found : { ...found, inForce };
}
