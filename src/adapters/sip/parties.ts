import type { Trunk } from '../../domain/centres/index.ts';
import type { TerminalFact } from '../../services/ports/index.ts';

/** A trunk that proves itself by a name and a password. */
export type TrunkParty = Pick<TerminalFact, 'user' | 'secrets'> & { readonly trunk: Trunk };

/** Whoever can prove who it is: a terminal of a member, or a trunk. */
export type SipParty = TerminalFact | TrunkParty;

export function isTrunk(party: SipParty): party is TrunkParty {
  return 'trunk' in party;
}
