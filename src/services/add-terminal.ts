import { type Actor, isText, type Member, notFound, permit, type Terminal } from '../domain/members/index.ts';
import { type CountryCode, parseCountryCode } from '../domain/numbering/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';
import {
  newTerminalPassword,
  newTerminalUser,
  publishTerminal,
  type TerminalWithPassword,
} from './terminal-secrets.ts';

export type AddTerminal = {
  readonly actor: Actor;
  readonly memberId: string;
  /** As the member calls it: `phone on my desk`. */
  readonly name: string;
  /** Where it is: whose emergency numbers and dialling rules it uses. */
  readonly countryCode: string;
  /** Which branch it rings for; of an enterprise only, and by default that of its country. */
  readonly branchCountryCode?: string;
};

type AddPorts = Pick<
  ServicePorts,
  'bus' | 'clock' | 'hash' | 'identifiers' | 'members' | 'randomness' | 'settings'
>;

/** Names of 40 random bits meet once in a lifetime, and hardly twice. */
const MOST_ATTEMPTS = 5;

/**
 * Gives a member a terminal (R18): a SIP user name, and a password that is shown this once.
 * @returns refused with `branch-not-open`, `enterprises-only` for an individual's branch, `request-invalid`,
 *   the codes of country codes, or as `permit` does
 */
export async function addTerminal(
  ports: AddPorts,
  command: AddTerminal,
): Promise<Result<TerminalWithPassword>> {
  const permitted = permit(command.actor, 'change-terminals', command.memberId);
  if (!permitted.ok) return permitted;
  if (!isText(command.name)) return refuse('request-invalid', 'Give the terminal a name.', '/name');
  const country = parseCountryCode(command.countryCode);
  if (!country.ok) return country;
  const member = await ports.members.find(command.memberId);
  if (member === undefined) return notFound();
  const branch = branchFor(member, command.branchCountryCode, country.value);
  if (!branch.ok) return branch;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const made = makeTerminal(ports, command, country.value, branch.value);
    const added = await ports.members.addTerminal(made.terminal);
    if (added === 'branch-missing') return refuseBranch(branch.value);
    if (added === 'user-taken') continue;
    publishTerminal(ports, made.terminal);
    return accept(made);
  }
  throw new Error('The generator of SIP user names repeats itself.');
}

function makeTerminal(
  ports: AddPorts,
  { memberId, name }: AddTerminal,
  countryCode: CountryCode,
  branchCountryCode: CountryCode | undefined,
): TerminalWithPassword {
  const user = newTerminalUser(ports);
  const { password, secrets } = newTerminalPassword(ports, user);
  const terminal: Terminal = {
    id: ports.identifiers.next(),
    memberId,
    ...(branchCountryCode === undefined ? {} : { branchCountryCode }),
    countryCode,
    name: name.trim(),
    user,
    secrets,
    addedAtMs: ports.clock.nowMs(),
  };
  return { terminal, password };
}

function branchFor(
  { kind }: Member,
  branchCountryCode: string | undefined,
  countryCode: CountryCode,
): Result<CountryCode | undefined> {
  if (kind === 'enterprise') {
    return branchCountryCode === undefined ? accept(countryCode) : parseCountryCode(branchCountryCode);
  }
  if (branchCountryCode === undefined) return accept(undefined);
  return refuse('enterprises-only', 'An individual has no branches.', '/branchCountryCode');
}

function refuseBranch(countryCode: CountryCode | undefined): Result<never> {
  return refuse(
    'branch-not-open',
    `The enterprise has no branch in ${countryCode}: open it, or name the branch the terminal rings for.`,
    '/branchCountryCode',
  );
}
