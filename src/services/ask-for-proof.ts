import { type Alias, type AliasKind, aliasNameOf, type Member, notFound } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { mailCode, mailNotSetUp } from './alias-mails.ts';
import { type ChangePorts, changeAlias } from './change-alias.ts';
import { type AliasAsked, findAlias } from './find-alias.ts';
import type { ServicePorts } from './ports/index.ts';

export type ProofPorts = ChangePorts & Pick<ServicePorts, 'clock' | 'hash' | 'randomness'>;

const DAY_MS = 24 * 3_600_000;
const QUIET_MS = 60_000;

type DailyLimits = { readonly toName: number; readonly byMember: number };

/**
 * How much of each kind is sent in a day: a call or a mail to somebody who did not ask for it is an attack, and calls
 * cost money. Of domains it is look-ups that are counted.
 */
const LIMITS: Readonly<Record<AliasKind, DailyLimits>> = {
  pstn: { toName: 3, byMember: 6 },
  operator: { toName: 3, byMember: 6 },
  email: { toName: 5, byMember: 20 },
  domain: { toName: 100, byMember: 200 },
};

/**
 * Sends a new code for a name that is to be proven (R17, R19): by mail, or spoken by a call. The code before it is
 * void. A domain is asked for its record instead, which needs no code.
 * @returns refused with `alias-not-due`, `too-many-codes`, `mail-unavailable`, `verification-call-unavailable`, or as
 *   `permit` does
 */
export async function askForProof(ports: ProofPorts, asked: AliasAsked): Promise<Result<Alias>> {
  const found = await findAlias(ports, asked, 'change-aliases');
  if (!found.ok) return found;
  const member = await ports.members.find(found.value.memberId);
  return member === undefined ? notFound() : challenge(ports, found.value, member);
}

/** Sends the code for an alias of the member, or notes that its record is waited for. */
export async function challenge(ports: ProofPorts, alias: Alias, member: Member): Promise<Result<Alias>> {
  const nowMs = ports.clock.nowMs();
  if (alias.kind === 'domain') {
    const changed = await changeAlias(ports, alias.id, { kind: 'record-asked' }, nowMs);
    return changed.ok ? accept(changed.value.alias) : changed;
  }
  // Nothing is noted as sent that cannot be sent, and nothing is sent for what needs no proof.
  const ready = isSendable(ports, alias);
  if (!ready.ok) return ready;
  if (alias.proof.state === 'proven') {
    return refuse('alias-not-due', 'It is proven; you are told when it has to be proven again.');
  }
  const noted = await noteSending(ports, alias, nowMs, QUIET_MS);
  if (!noted.ok) return noted;
  const code = newCode(ports);
  const hash = codeHash(ports, alias.id, code);
  const changed = await changeAlias(ports, alias.id, { kind: 'code-sent', hash }, nowMs);
  if (!changed.ok) return changed;
  const sent = await send(ports, alias, code, member);
  return sent.ok ? accept(changed.value.alias) : sent;
}

/** Counts one more mail, call or look-up for a name; refused with `too-many-codes`. */
export async function noteSending(
  { aliases }: Pick<ServicePorts, 'aliases'>,
  alias: Alias,
  nowMs: number,
  quietMs: number,
): Promise<Result<null>> {
  const limits = { sinceMs: nowMs - DAY_MS, quietSinceMs: nowMs - quietMs, ...LIMITS[alias.kind] };
  const sending = { memberId: alias.memberId, name: aliasNameOf(alias), atMs: nowMs };
  if (await aliases.noteSending(sending, limits)) return accept(null);
  return refuse('too-many-codes', 'Wait a minute before you ask again; a few times a day are possible.');
}

/** What is kept of a code. With the id in it, the hashes of two aliases tell nothing of each other. */
export function codeHash({ hash }: Pick<ServicePorts, 'hash'>, aliasId: string, code: string): string {
  return hash.sha256(`${aliasId} ${code}`);
}

/** Whether what sends codes of this kind is set up. */
export function isSendable(
  { proofs }: Pick<ServicePorts, 'proofs'>,
  { kind }: Pick<Alias, 'kind'>,
): Result<null> {
  if (kind === 'email' && proofs.mailer === undefined) return mailNotSetUp();
  if ((kind === 'pstn' || kind === 'operator') && proofs.codeCaller === undefined) return callNotSetUp();
  return accept(null);
}

function callNotSetUp(): Result<never> {
  return refuse('verification-call-unavailable', 'This service cannot place the call that speaks a code.');
}

async function send(
  ports: ProofPorts,
  { value, kind, operatorId }: Alias,
  code: string,
  { language }: Member,
): Promise<Result<null>> {
  if (kind === 'email') return mailCode(ports, value, code, language);
  const { codeCaller } = ports.proofs;
  if (codeCaller === undefined || kind === 'domain') return callNotSetUp();
  const target = { kind, value, ...(operatorId === undefined ? {} : { operatorId }) };
  return codeCaller.speak(target, code, language);
}

const LARGEST = 2 ** 32 - (2 ** 32 % 1_000_000);

/** Six digits, each combination as likely as any other. */
function newCode({ randomness }: Pick<ServicePorts, 'randomness'>): string {
  for (;;) {
    const [a = 0, b = 0, c = 0, d = 0] = randomness.bytes(4);
    const number = ((a * 256 + b) * 256 + c) * 256 + d;
    if (number < LARGEST) return String(number % 1_000_000).padStart(6, '0');
  }
}
