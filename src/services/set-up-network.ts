import {
  checkChange,
  diffWorld,
  readWorld,
  type WrittenWorld,
  writeWorld,
} from '../domain/centres/configuration/index.ts';
import { type Actor, permit } from '../domain/members/index.ts';
import { accept, type Fault, type Result, refuse, refuseAll } from '../domain/refusal/index.ts';
import type { CentreConfiguration, ServicePorts } from './ports/index.ts';

/** The configuration as it is written, without passwords, and its revision. */
export type NetworkView = { readonly revision: bigint; readonly world: WrittenWorld };

/** What a change came to, or in a dry run would come to. */
export type NetworkSetUp = NetworkView & { readonly differences: readonly string[] };

export type SetUpNetwork = {
  readonly actor: Actor;
  /** Makes the wanted world, as it is written, of the present one; or refuses. */
  readonly edit: (present: WrittenWorld) => Result<unknown>;
  /** The revision that was looked at; absent: whichever is there. */
  readonly revision?: bigint;
  /** Says what would be different, and changes nothing. */
  readonly isDryRun?: boolean;
};

type Ports = Pick<ServicePorts, 'bus' | 'centres' | 'hash' | 'settings'>;

/** What is set up of the network (R1). @returns refused as `permit` does */
export async function viewNetwork(
  { centres }: Pick<Ports, 'centres'>,
  actor: Actor,
): Promise<Result<NetworkView>> {
  const permitted = permit(actor, 'set-up-network');
  if (!permitted.ok) return permitted;
  const { revision, configuration } = await centres.load();
  return accept({ revision, world: writeWorld(configuration) });
}

/** So often a change is thought out anew where somebody else was faster. */
const MOST_TRIES = 5;

/**
 * Changes what is set up of the network, all of it or nothing (R1). The same change made again changes nothing.
 * @returns refused with `configuration-invalid` and everything that is wrong, `configuration-changed` where another
 *   revision is there than the one looked at, as `edit` does, or as `permit` does
 */
export async function setUpNetwork(ports: Ports, command: SetUpNetwork): Promise<Result<NetworkSetUp>> {
  const permitted = permit(command.actor, 'set-up-network');
  if (!permitted.ok) return permitted;
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const { revision, configuration } = await ports.centres.load();
    if (command.revision !== undefined && command.revision !== revision) break;
    const made = await makeChange(ports, command, revision, configuration);
    if (made !== undefined) return made;
  }
  return refuse('configuration-changed', 'The configuration was changed meanwhile: look at it again.');
}

/** @returns undefined where somebody else was faster */
async function makeChange(
  ports: Ports,
  { edit, isDryRun }: SetUpNetwork,
  revision: bigint,
  before: CentreConfiguration,
): Promise<Result<NetworkSetUp> | undefined> {
  const wanted = edit(writeWorld(before));
  if (!wanted.ok) return wanted;
  const reading = readWorld(wanted.value, {
    before,
    secretsOf: (user, password) => secretsOf(ports, user, password),
    isOurselves: ports.settings.isOurselves ?? (() => false),
  });
  if (!reading.ok) return faulty(reading.faults);
  const { change, lines: differences } = diffWorld(before, reading.world);
  const faults = checkChange(before, change);
  if (faults.length > 0) return faulty(faults);
  const world = writeWorld(reading.world);
  if (isDryRun === true || differences.length === 0) return accept({ revision, world, differences });
  const made = await ports.centres.change(revision, change);
  if (made === undefined) return undefined;
  ports.bus.publish({ kind: 'configuration-changed', revision: String(made) });
  return accept({ revision: made, world, differences });
}

/** HA1 of a trunk that proves itself to us, by both digests (RFC 8760 §2.3). */
function secretsOf({ hash, settings }: Pick<Ports, 'hash' | 'settings'>, user: string, password: string) {
  const text = `${user}:${settings.sipRealm}:${password}`;
  return { md5: hash.md5(text), sha256: hash.sha256(text) };
}

function faulty(faults: readonly Fault[]) {
  const detail = `${faults.length} things are wrong, and nothing was changed.`;
  return refuseAll('configuration-invalid', detail, faults);
}
