import type { Alias } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

/** What a domain's owner puts into the DNS: a TXT record of this name, with this text (RFC 8552). */
export type OwnershipRecord = { readonly name: string; readonly text: string };

/**
 * The record that proves a domain. Its name begins with an underscore, so that it is no host's and does not mix with
 * what the domain itself says of mail.
 */
export function ownershipRecordOf({ value, recordToken }: Alias): OwnershipRecord | undefined {
  if (recordToken === undefined) return undefined;
  return { name: `_omnidial.${value}`, text: `omnidial-verification=${recordToken}` };
}

/**
 * Asks the DNS for the record of a domain.
 * @returns `unanswered` where the DNS says neither yes nor no; refused with `service-unavailable` where none is asked
 */
export async function lookForRecord(
  { proofs }: Pick<ServicePorts, 'proofs'>,
  alias: Alias,
): Promise<Result<'there' | 'missing' | 'unanswered'>> {
  const record = ownershipRecordOf(alias);
  if (proofs.domainRecords === undefined || record === undefined) {
    return refuse('service-unavailable', 'This service is not set up to look domains up.');
  }
  const texts = await proofs.domainRecords.textsOf(record.name);
  if (texts.ok) return accept(texts.value.some((text) => text.trim() === record.text) ? 'there' : 'missing');
  return accept(texts.refusal.code === 'address-not-found' ? 'missing' : 'unanswered');
}
