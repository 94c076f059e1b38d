import type { Decision } from '../domain/exchange/index.ts';
import type { E164 } from '../domain/numbering/index.ts';
import { accept } from '../domain/refusal/index.ts';
import type { CallerFacts } from './caller.ts';
import type { Directory } from './directory.ts';
import { outwardBranch, type RingBranch } from './ring.ts';
import { type OutwardPorts, waysOut } from './route-outward.ts';

/**
 * The member's own telephone of the PSTN, which rings with or after the other terminals (R18). The member asked for
 * it, so that it is called whoever calls.
 * @returns undefined where the member wants none, calls from it, or no way leads there
 */
export function followMeBranch(
  { directory, outward }: { readonly directory: Directory; readonly outward: OutwardPorts },
  memberId: string,
  caller: CallerFacts,
  trail?: Decision[],
): RingBranch | undefined | Promise<RingBranch | undefined> {
  const followMe = directory.followMeOf(memberId);
  // A call of another terminal of the member shows the same number, and is not from there.
  const callsFromIt = caller.trunk !== undefined && followMe?.number === caller.telephone;
  if (followMe === undefined || callsFromIt) return undefined;
  trail?.push({
    code: 'follow-me',
    fits: true,
    sentence: `The member’s telephone ${followMe.number} rings ${followMe.mode === 'with' ? 'with the others' : `after ${followMe.afterMs / 1000} s`}.`,
  });
  const destination = { kind: 'pstn' as const, number: followMe.number as E164 };
  // Whoever has calls follow pays for the way there, and not who calls (R23).
  const priced = outward.prices?.saleOf({ kind: 'member', memberId }, destination) ?? accept(undefined);
  if (!priced.ok) {
    trail?.push({ code: 'price', fits: false, sentence: priced.refusal.detail });
    return undefined;
  }
  const sale = priced.value;
  const ways = waysOut(outward, destination, { ...caller, mayCallOut: true }, { memberId, trail, sale });
  const delayMs = followMe.mode === 'after' ? followMe.afterMs : 0;
  const branch = (found: Awaited<typeof ways>) =>
    found.ok ? outwardBranch(found.value, delayMs, sale) : undefined;
  return ways instanceof Promise ? ways.then(branch) : branch(ways);
}
