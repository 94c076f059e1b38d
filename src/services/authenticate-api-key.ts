import { type Actor, actorOf } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

/** As `createApiKey` prints them; anything else need not be looked up. */
const KEY = /^omni_[0-9a-z]{8}_[0-9a-z]{56}$/;

/**
 * Who stands behind an API key. The key is found by its digest, so that no comparison tells how much of a
 * guess was right.
 * @returns refused with `not-signed-in` for unknown and revoked keys, and those whose account is gone
 */
export async function authenticateApiKey(
  ports: Pick<ServicePorts, 'accounts' | 'hash'>,
  { key }: { readonly key: string },
): Promise<Result<Actor, 'not-signed-in'>> {
  const found = KEY.test(key) ? await ports.accounts.findApiKeyByDigest(ports.hash.sha256(key)) : undefined;
  if (found === undefined || found.revokedAtMs !== undefined) return refused();
  const account = await ports.accounts.find(found.userId);
  return account === undefined ? refused() : accept(actorOf(found.userId, account));
}

function refused(): Result<never, 'not-signed-in'> {
  return refuse('not-signed-in', 'The API key is unknown or was revoked: make a new one.');
}
