import {
  type Actor,
  type Alias,
  type AliasName,
  CLAIM_TERM_MS,
  type Member,
  notFound,
  permit,
  readAliasName,
  readableCode,
  type WrittenAlias,
} from '../domain/members/index.ts';
import { type CountryCode, convertForOperator, parseCountryCode } from '../domain/numbering/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { challenge, isSendable, type ProofPorts } from './ask-for-proof.ts';
import type { ServicePorts } from './ports/index.ts';

export type AddAlias = WrittenAlias & {
  readonly actor: Actor;
  readonly memberId: string;
  /** The branch that a domain reaches where the caller's country has none. */
  readonly fallbackCountryCode?: string | undefined;
};

type AddPorts = ProofPorts & Pick<ServicePorts, 'identifiers'>;

const MOST_ALIASES = 30;
/** A token of 160 bits: nobody finds it by trying. */
const TOKEN_BYTES = 20;

/**
 * Notes that a number, address or domain is said to lead to a member (R17, R19), and asks for its proof: a code is
 * sent, or a token is to be put into the DNS. Whether it leads to another member shows nowhere in the answer: the newer
 * proof will count.
 * @returns refused with the codes of `readAliasName`, `branch-not-open`, `alias-exists`, `too-many-aliases`, those of
 *   `askForProof` (what was noted stays, and the code may be asked for again), or as `permit` does
 */
export async function addAlias(ports: AddPorts, command: AddAlias): Promise<Result<Alias>> {
  const { actor, memberId } = command;
  const permitted = permit(actor, 'change-aliases', memberId);
  if (!permitted.ok) return permitted;
  const member = await ports.members.find(memberId);
  if (member === undefined) return notFound();
  const name = readAliasName(member.kind, command);
  if (!name.ok) return name;
  const ofPlan = fitsPlan(ports, name.value);
  if (!ofPlan.ok) return ofPlan;
  const fallback = await fallbackOf(ports, name.value, member, command.fallbackCountryCode);
  if (!fallback.ok) return fallback;
  const sendable = isSendable(ports, name.value);
  if (!sendable.ok) return sendable;
  const alias = newAlias(ports, member, name.value, fallback.value);
  switch (await ports.aliases.add(alias, MOST_ALIASES)) {
    case 'exists':
      return refuse('alias-exists', `${alias.value} is on the list already: ask for a code there.`, '/value');
    case 'too-many':
      return refuse('too-many-aliases', `A member has at most ${MOST_ALIASES}: remove one first.`);
    case 'added':
      return challenge(ports, alias, member);
  }
}

/** The branch that takes the calls to a domain from countries without one; refused with `branch-not-open`. */
export async function fallbackOf(
  { members }: Pick<ServicePorts, 'members'>,
  { kind }: Pick<AliasName, 'kind'>,
  { id }: Pick<Member, 'id'>,
  countryCode: string | undefined,
): Promise<Result<CountryCode | undefined>> {
  if (countryCode === undefined) return accept(undefined);
  const pointer = '/fallbackCountryCode';
  if (kind !== 'domain') return refuse('request-invalid', 'Only domains lead to branches.', pointer);
  const country = parseCountryCode(countryCode);
  if (!country.ok) return country;
  const branches = await members.branches(id);
  if (branches.some((branch) => branch.countryCode === country.value)) return country;
  return refuse(
    'branch-not-open',
    `The enterprise has no branch in ${country.value}: open it first.`,
    pointer,
  );
}

/**
 * A number at an operator has to be one of its plan: else somebody who is called by that operator under the digits of a
 * stranger's telephone would take the calls of all who dial that telephone here.
 */
function fitsPlan(
  { proofs }: Pick<ServicePorts, 'proofs'>,
  { kind, value, operatorId }: AliasName,
): Result<null> {
  if (kind !== 'operator') return accept(null);
  const plan = proofs.operatorPlans?.().find((each) => each.operatorId === operatorId);
  if (plan === undefined)
    return refuse('request-invalid', `There is no operator ${operatorId}.`, '/operatorId');
  if (convertForOperator(plan, value) !== undefined) return accept(null);
  return refuse('request-invalid', `${value} is no number of ${plan.name}.`, '/value');
}

function newAlias(
  ports: AddPorts,
  { id: memberId }: Member,
  name: AliasName,
  fallback: CountryCode | undefined,
): Alias {
  const nowMs = ports.clock.nowMs();
  return {
    ...name,
    id: ports.identifiers.next(),
    memberId,
    claimedAtMs: nowMs,
    ...(fallback === undefined ? {} : { fallbackCountryCode: fallback }),
    ...(name.kind === 'domain' ? { recordToken: readableCode(ports.randomness.bytes(TOKEN_BYTES)) } : {}),
    proof: { state: 'claimed', untilMs: nowMs + CLAIM_TERM_MS },
    version: 0,
  };
}
