import { readableCode, type Terminal } from '../domain/members/index.ts';
import type { ServicePorts, TerminalFact } from './ports/index.ts';

/** 100 bits: nobody guesses twenty characters. */
const PASSWORD_BYTES = 15;
const PASSWORD_CHARACTERS = 20;

/** 40 bits: eight characters, told apart by the store where two were ever the same. */
const USER_BYTES = 5;

/** A terminal together with its password, which is shown this once and not kept. */
export type TerminalWithPassword = { readonly terminal: Terminal; readonly password: string };

/** A new SIP user name that can be read aloud: `t-k3m7q2xa`. */
export function newTerminalUser({ randomness }: Pick<ServicePorts, 'randomness'>): string {
  return `t-${readableCode(randomness.bytes(USER_BYTES))}`;
}

/** A new password for a user, and what is kept of it: HA1 by both digests (RFC 8760 §2.3). */
export function newTerminalPassword(
  { hash, randomness, settings }: Pick<ServicePorts, 'hash' | 'randomness' | 'settings'>,
  user: string,
): { readonly password: string; readonly secrets: Terminal['secrets'] } {
  const password = readableCode(randomness.bytes(PASSWORD_BYTES)).slice(0, PASSWORD_CHARACTERS);
  const text = `${user}:${settings.sipRealm}:${password}`;
  return { password, secrets: { md5: hash.md5(text), sha256: hash.sha256(text) } };
}

/** Tells the registrar and the exchange how a terminal is now. */
export function publishTerminal({ bus }: Pick<ServicePorts, 'bus'>, terminal: Terminal): void {
  const { id, memberId, branchCountryCode, countryCode, user, secrets } = terminal;
  const branch: Pick<TerminalFact, 'branchCountryCode'> =
    branchCountryCode === undefined ? {} : { branchCountryCode };
  bus.publish({ kind: 'terminal-saved', terminal: { id, memberId, ...branch, countryCode, user, secrets } });
}
