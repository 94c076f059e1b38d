import type { Alias } from '../domain/members/index.ts';
import { type ChangePorts, changeAlias } from './change-alias.ts';
import { lookForRecord } from './look-for-record.ts';
import type { ServicePorts } from './ports/index.ts';

/** How many names were looked at. */
export type AliasCheck = { readonly checked: number };

const BATCH = 100;
/** So many look-ups wait for the DNS at a time. */
const AT_ONCE = 10;
/** What a process took and did not finish, since it died or the DNS was away, comes again after this. */
const TAKEN_FOR_MS = 15 * 60_000;
const SENDINGS_KEPT_MS = 2 * 24 * 3_600_000;

/**
 * Looks at the names whose time has come: looks for the records of domains, asks members to prove the others again,
 * and ends what was not proven (R17, R19). Several processes may do it at once: each takes names of its own.
 */
export async function checkAliases(
  ports: ChangePorts,
  { nowMs }: { readonly nowMs: number },
): Promise<AliasCheck> {
  let checked = 0;
  for (;;) {
    const due = await ports.aliases.takeDue(nowMs, nowMs + TAKEN_FOR_MS, BATCH);
    for (let at = 0; at < due.length; at += AT_ONCE) {
      await Promise.all(due.slice(at, at + AT_ONCE).map((alias) => check(ports, alias, nowMs)));
    }
    checked += due.length;
    if (due.length < BATCH) break;
  }
  await ports.aliases.pruneSendings(nowMs - SENDINGS_KEPT_MS);
  return { checked };
}

async function check(
  ports: ChangePorts & Pick<ServicePorts, 'proofs'>,
  { id }: Alias,
  nowMs: number,
): Promise<void> {
  const changed = await changeAlias(ports, id, { kind: 'time' }, nowMs);
  if (!changed.ok || !changed.value.effects.some(({ kind }) => kind === 'look-up')) return;
  const record = await lookForRecord(ports, changed.value.alias);
  // Where no DNS is asked, nothing is learnt, and nothing lapses.
  if (record.ok) await changeAlias(ports, id, { kind: 'looked-up', record: record.value }, nowMs);
}
