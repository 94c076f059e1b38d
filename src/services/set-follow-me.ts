import { type Actor, type FollowMe, leadsToMember, permit } from '../domain/members/index.ts';
import { parseE164 } from '../domain/numbering/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

export type FollowMeAsked = { readonly actor: Actor; readonly memberId: string };

export type SetFollowMe = FollowMeAsked & {
  /** A proven telephone of the member. */
  readonly number: string;
  readonly mode: FollowMe['mode'];
  /** How long the others ring alone, 5 to 60 seconds; of the mode `after` only. */
  readonly afterMs?: number | undefined;
};

/** What is set, and whether the telephone rings: not while its proof has lapsed. */
export type FollowMeState = { readonly followMe: FollowMe; readonly isActive: boolean };

const SHORTEST_MS = 5_000;
const LONGEST_MS = 60_000;
const USUAL_MS = 20_000;

type FollowMePorts = Pick<ServicePorts, 'aliases' | 'bus'>;

/**
 * Has a member's own PSTN telephone ring for calls to the member, with or after its other terminals (R18).
 * @returns refused with `e164-malformed`, `follow-me-number-not-proven`, `request-invalid`, or as `permit` does
 */
export async function setFollowMe(
  ports: FollowMePorts,
  command: SetFollowMe,
): Promise<Result<FollowMeState>> {
  const { actor, memberId, mode } = command;
  const permitted = permit(actor, 'change-aliases', memberId);
  if (!permitted.ok) return permitted;
  const number = parseE164(command.number);
  if (!number.ok) return refuse('e164-malformed', number.refusal.detail, '/number');
  const afterMs = mode === 'with' ? 0 : (command.afterMs ?? USUAL_MS);
  if (mode === 'after' && (afterMs < SHORTEST_MS || afterMs > LONGEST_MS || !Number.isInteger(afterMs))) {
    return refuse('request-invalid', 'The others ring alone for 5000 to 60000 ms.', '/afterMs');
  }
  if (!(await isProven(ports, memberId, number.value))) {
    const detail = `${number.value} is not proven to be yours: add it to your aliases first.`;
    return refuse('follow-me-number-not-proven', detail, '/number');
  }
  const followMe = { memberId, number: number.value, mode, afterMs };
  await ports.aliases.setFollowMe(followMe);
  ports.bus.publish({ kind: 'follow-me-set', followMe });
  return accept({ followMe, isActive: true });
}

/** What a member has set; undefined where it is nothing. Refused as `permit` does. */
export async function findFollowMe(
  ports: FollowMePorts,
  { actor, memberId }: FollowMeAsked,
): Promise<Result<FollowMeState | undefined>> {
  const permitted = permit(actor, 'see-aliases', memberId);
  if (!permitted.ok) return permitted;
  const followMe = await ports.aliases.followMe(memberId);
  if (followMe === undefined) return accept(undefined);
  return accept({ followMe, isActive: await isProven(ports, memberId, followMe.number) });
}

/** The telephone rings for the member no more. May be asked again; refused as `permit` does. */
export async function endFollowMe(
  ports: FollowMePorts,
  { actor, memberId }: FollowMeAsked,
): Promise<Result<null>> {
  const permitted = permit(actor, 'change-aliases', memberId);
  if (!permitted.ok) return permitted;
  await ports.aliases.endFollowMe(memberId);
  ports.bus.publish({ kind: 'follow-me-off', memberId });
  return accept(null);
}

async function isProven({ aliases }: FollowMePorts, memberId: string, number: string): Promise<boolean> {
  const own = await aliases.list(memberId);
  return own.some(({ kind, value, proof }) => kind === 'pstn' && value === number && leadsToMember(proof));
}
