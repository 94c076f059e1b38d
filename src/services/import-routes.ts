import { readRoutes } from '../domain/centres/configuration/index.ts';
import type { CarrierRoute } from '../domain/centres/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { accept, type Result, refuseAll } from '../domain/refusal/index.ts';
import { type Page, pageLimit, pageOf } from './page.ts';
import type { ServicePorts } from './ports/index.ts';

export type ImportRoutes = {
  readonly actor: Actor;
  readonly trunk: string;
  /** CSV: `prefix,cost_per_minute,currency,priority,weight`. */
  readonly text: string;
  /** Lets others go on for a moment: a long list takes a second to be read. */
  readonly pause: () => Promise<unknown>;
};

/**
 * Puts a list of routes in the place of all routes of a trunk (R14): the whole list, or where one line is wrong nothing.
 * @returns how many; refused with `routes-invalid`, `not-found`, or as `permit` does
 */
export async function importRoutes(
  ports: Pick<ServicePorts, 'bus' | 'centres'>,
  { actor, trunk, text, pause }: ImportRoutes,
): Promise<Result<number>> {
  const permitted = permit(actor, 'set-up-network');
  if (!permitted.ok) return permitted;
  const steps = readRoutes(trunk, text);
  let step = steps.next();
  while (step.done !== true) {
    await pause();
    step = steps.next();
  }
  const reading = step.value;
  if (!reading.ok) {
    const detail = `${reading.faults.length} lines are wrong, and nothing was changed.`;
    const faults = reading.faults.map(({ line, detail: sentence }) => ({
      pointer: '',
      detail: `Line ${line}: ${sentence}`,
    }));
    return refuseAll('routes-invalid', detail, faults);
  }
  const count = await ports.centres.replaceRoutes(trunk, oneBatch(reading.routes));
  if (count === undefined) return notFound(`There is no trunk ${trunk}.`);
  ports.bus.publish({ kind: 'routes-changed', trunk });
  return accept(count);
}

async function* oneBatch(routes: readonly CarrierRoute[]): AsyncGenerator<readonly CarrierRoute[]> {
  yield routes;
}

export type ListRoutes = {
  readonly actor: Actor;
  readonly trunk: string;
  /** The last prefix of the page before. */
  readonly after?: string;
  readonly limit?: number;
};

/** The routes of a trunk in the order of their prefixes. @returns refused as `permit` does */
export async function listRoutes(
  { centres }: Pick<ServicePorts, 'centres'>,
  { actor, trunk, after = '', limit: asked }: ListRoutes,
): Promise<Result<Page<CarrierRoute>>> {
  const permitted = permit(actor, 'set-up-network');
  if (!permitted.ok) return permitted;
  const limit = pageLimit(asked);
  const read = await centres.pageOfRoutes(trunk, after, limit + 1);
  return accept(pageOf(read, limit, ({ prefix }) => prefix));
}
