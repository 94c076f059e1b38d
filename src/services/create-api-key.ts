import { type Actor, type ApiKey, isText, readableCode } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

/** A key with its text, which is shown this once and not kept. */
export type NewApiKey = { readonly apiKey: ApiKey; readonly key: string };

/** 40 bits to recognise a key by, and 280 that nobody guesses. */
const PREFIX_BYTES = 5;
const SECRET_BYTES = 35;

/**
 * Makes a key with which a program acts as the one who asks for it: `omni_k3m7q2xa_…`.
 * @returns refused with `not-signed-in`, `not-permitted` where there is no account yet, or `request-invalid`
 */
export async function createApiKey(
  ports: Pick<ServicePorts, 'accounts' | 'clock' | 'hash' | 'identifiers' | 'randomness'>,
  { actor, name }: { readonly actor: Actor; readonly name: string },
): Promise<Result<NewApiKey>> {
  const owner = ownerOf(actor);
  if (!owner.ok) return owner;
  if (!isText(name)) return refuse('request-invalid', 'Give the key a name.', '/name');
  const prefix = `omni_${readableCode(ports.randomness.bytes(PREFIX_BYTES))}`;
  const key = `${prefix}_${readableCode(ports.randomness.bytes(SECRET_BYTES))}`;
  const apiKey: ApiKey = {
    id: ports.identifiers.next(),
    userId: owner.value,
    name: name.trim(),
    prefix,
    digest: ports.hash.sha256(key),
    createdAtMs: ports.clock.nowMs(),
  };
  await ports.accounts.addApiKey(apiKey);
  return accept({ apiKey, key });
}

/** The keys of the one who asks, revoked ones too. */
export async function listApiKeys(
  ports: Pick<ServicePorts, 'accounts'>,
  { actor }: { readonly actor: Actor },
): Promise<Result<readonly ApiKey[]>> {
  const owner = ownerOf(actor);
  return owner.ok ? accept(await ports.accounts.apiKeys(owner.value)) : owner;
}

/** The user whose keys an actor may see and change: nobody's but its own. */
export function ownerOf(actor: Actor): Result<string, 'not-signed-in' | 'not-permitted'> {
  switch (actor.role) {
    case 'visitor':
      return refuse('not-signed-in', 'Sign in, or send an API key.');
    case 'newcomer':
    case 'service':
      return refuse('not-permitted', 'Register as a member first: keys act for an account.');
    default:
      return accept(actor.userId);
  }
}
