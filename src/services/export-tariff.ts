import { DeckWriter, type TariffVersion } from '../domain/billing/tariffs/index.ts';
import { type Actor, notFound } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { findTariff } from './find-tariff.ts';
import type { ServicePorts } from './ports/index.ts';

export type ExportTariff = {
  readonly actor: Actor;
  readonly name: string;
  /** Of a version; the one in force where absent, and where none is, the last one. */
  readonly number?: number;
};

/** A version as a deck that can be imported again, in pieces of text. */
export type ExportedTariff = { readonly version: TariffVersion; readonly text: AsyncIterable<string> };

/** @returns refused with `not-found` where there is no such version, or as `findTariff` does */
export async function exportTariff(
  ports: Pick<ServicePorts, 'clock' | 'tariffs'>,
  { actor, name, number }: ExportTariff,
): Promise<Result<ExportedTariff>> {
  const found = await findTariff(ports, { actor, name });
  if (!found.ok) return found;
  const { tariff, versions, inForce = versions.at(-1) } = found.value;
  const version = number === undefined ? inForce : versions.find((each) => each.number === number);
  if (version === undefined)
    return notFound(
      number === undefined
        ? `The tariff ${name} has no version yet.`
        : `The tariff ${name} has no version ${number}.`,
    );
  return accept({ version, text: written(ports, version, new DeckWriter(tariff)) });
}

async function* written(
  { tariffs }: Pick<ServicePorts, 'tariffs'>,
  version: TariffVersion,
  writer: DeckWriter,
): AsyncGenerator<string> {
  yield writer.header();
  for await (const rows of tariffs.rows(version)) {
    if (rows.length > 0) yield rows.map((row) => writer.line(row)).join('');
  }
}
