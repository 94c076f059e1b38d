import type { Alias } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { codeHash, noteSending, type ProofPorts } from './ask-for-proof.ts';
import { changeAlias } from './change-alias.ts';
import { type AliasAsked, findAlias } from './find-alias.ts';
import { lookForRecord } from './look-for-record.ts';

export type ConfirmAlias = AliasAsked & {
  /** As it was read or heard; absent for a domain, whose record is looked for. */
  readonly code?: string | undefined;
};

/**
 * Proves that a name is the member's, by the code that was sent or the record in the DNS (R17, R19). From then on
 * calls to it reach the member, and no longer whoever had proven it before.
 * @returns refused with `code-wrong`, `code-expired`, `alias-not-due`, `domain-record-missing`,
 *   `address-lookup-failed`, `too-many-codes`, `service-unavailable`, or as `permit` does
 */
export async function confirmAlias(ports: ProofPorts, command: ConfirmAlias): Promise<Result<Alias>> {
  const found = await findAlias(ports, command, 'change-aliases');
  if (!found.ok) return found;
  const alias = found.value;
  if (alias.kind === 'domain') return confirmDomain(ports, alias);
  if (command.code === undefined) return refuse('request-invalid', 'Give the code that was sent.', '/code');
  const hash = codeHash(ports, alias.id, command.code.replaceAll(/\s/g, ''));
  const changed = await changeAlias(ports, alias.id, { kind: 'code-given', hash }, ports.clock.nowMs());
  return changed.ok ? accept(changed.value.alias) : changed;
}

async function confirmDomain(ports: ProofPorts, alias: Alias): Promise<Result<Alias>> {
  const nowMs = ports.clock.nowMs();
  const noted = await noteSending(ports, alias, nowMs, 0);
  if (!noted.ok) return noted;
  if (alias.proof.state === 'lapsed') {
    const asked = await changeAlias(ports, alias.id, { kind: 'record-asked' }, nowMs);
    if (!asked.ok) return asked;
  }
  const record = await lookForRecord(ports, alias);
  if (!record.ok) return record;
  if (record.value === 'unanswered') {
    return refuse(
      'address-lookup-failed',
      `The DNS does not say what records ${alias.value} has: try again.`,
    );
  }
  // That a proven domain lost its record is counted once a day, not as often as somebody asks.
  if (record.value === 'missing' && alias.proof.state !== 'challenged' && alias.proof.state !== 'claimed') {
    return refuse('domain-record-missing', 'The DNS does not have the record.');
  }
  const changed = await changeAlias(ports, alias.id, { kind: 'looked-up', record: record.value }, nowMs);
  return changed.ok ? accept(changed.value.alias) : changed;
}
