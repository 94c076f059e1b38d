import { type Actor, type ApiKey, notFound } from '../domain/members/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import { ownerOf } from './create-api-key.ts';
import type { ServicePorts } from './ports/index.ts';

/** Revokes a key of one's own, for good and at once. Asked again, it answers the same. */
export async function revokeApiKey(
  ports: Pick<ServicePorts, 'accounts' | 'clock'>,
  { actor, apiKeyId }: { readonly actor: Actor; readonly apiKeyId: string },
): Promise<Result<ApiKey>> {
  const owner = ownerOf(actor);
  if (!owner.ok) return owner;
  const key = await ports.accounts.findApiKey(apiKeyId);
  if (key === undefined || key.userId !== owner.value) return notFound();
  await ports.accounts.revokeApiKey(apiKeyId, ports.clock.nowMs());
  const revoked = await ports.accounts.findApiKey(apiKeyId);
  return revoked === undefined ? notFound() : accept(revoked);
}
