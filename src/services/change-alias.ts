import {
  type Alias,
  type AliasEffect,
  type AliasInput,
  aliasFactOf,
  aliasNameOf,
  leadsToMember,
  notFound,
  stepProof,
} from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { remindOfProof, tellOfLapse } from './alias-mails.ts';
import type { ServicePorts } from './ports/index.ts';

export type ChangePorts = Pick<ServicePorts, 'aliases' | 'bus' | 'members' | 'proofs'>;

/** The alias as it is kept, and what the step asked for. */
export type AliasChange = { readonly alias: Alias; readonly effects: readonly AliasEffect[] };

/** Each round means that somebody else changed it in between: whoever tries that often guesses codes. */
const MOST_ROUNDS = 10;

/**
 * Reads an alias, steps its proof, keeps what came of it, again where somebody else was faster, and tells the
 * exchange and the members.
 * @returns refused with `not-found`, what the proof refuses with, or `service-unavailable` where too many change it at
 *   once
 */
export async function changeAlias(
  ports: ChangePorts,
  id: string,
  input: AliasInput,
  nowMs: number,
): Promise<Result<AliasChange>> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = await ports.aliases.find(id);
    if (before === undefined) return notFound();
    const [proof, effects] = stepProof(before.kind, before.proof, input, nowMs);
    const after = proof === before.proof ? before : { ...before, proof };
    if (after !== before) {
      const write = await ports.aliases.keep(before, after, (other) => supersede(other, nowMs));
      if (write.kind === 'changed') continue;
      if (write.superseded !== undefined) await tellOfLapse(ports, write.superseded, 'proven-by-another');
    }
    await perform(ports, after, effects);
    const refusal = effects.find((effect) => effect.kind === 'refuse');
    return refusal === undefined
      ? accept({ alias: after, effects })
      : refuse(refusal.code, sentenceOf(refusal));
  }
  return refuse('service-unavailable', 'Too many are changing this at the same moment.');
}

/** The newer proof counts: numbers, addresses and domains change hands. */
function supersede(other: Alias, nowMs: number): Alias {
  const [proof] = stepProof(other.kind, other.proof, { kind: 'superseded' }, nowMs);
  return { ...other, proof };
}

async function perform(ports: ChangePorts, alias: Alias, effects: readonly AliasEffect[]): Promise<void> {
  for (const effect of effects) {
    switch (effect.kind) {
      case 'prove':
        publishProven(ports, alias);
        break;
      case 'lapse':
        ports.bus.publish({ kind: 'alias-lapsed', alias: aliasNameOf(alias) });
        break;
      case 'remind':
        await remindOfProof(ports, alias);
        break;
      case 'tell-lapsed':
        await tellOfLapse(ports, alias, effect.reason);
        break;
      case 'look-up':
      case 'refuse':
        // Whoever gave the input does these.
        break;
    }
  }
}

/** Tells the exchange to whom a name leads, where it leads to somebody. */
export function publishProven({ bus }: Pick<ServicePorts, 'bus'>, alias: Alias): void {
  if (leadsToMember(alias.proof)) bus.publish({ kind: 'alias-proven', alias: aliasFactOf(alias) });
}

function sentenceOf({ code, triesLeft }: AliasEffect & { readonly kind: 'refuse' }): string {
  switch (code) {
    case 'code-wrong':
      return triesLeft === 0
        ? 'This was the last try: ask for a new code.'
        : `This is not the code that was sent; you have ${triesLeft} more tries.`;
    case 'code-expired':
      return 'There is no code that could be used: ask for a new one.';
    case 'alias-not-due':
      return 'It is proven; you are told when it has to be proven again.';
    case 'domain-record-missing':
      return 'The DNS does not have the record yet. It may take some hours until a new one is seen.';
  }
}
