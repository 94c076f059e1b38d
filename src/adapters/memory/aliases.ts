import {
  type Alias,
  type AliasFact,
  type AliasName,
  aliasFactOf,
  type FollowMe,
  leadsToMember,
  nextCheckAtMs,
} from '../../domain/members/index.ts';
import type { AliasSending, AliasStore, AliasWrite, SendingLimits } from '../../services/ports/index.ts';

/** What else than our numbers leads to members, in memory. */
export class MemoryAliases implements AliasStore {
  readonly #aliases = new Map<string, Alias>();
  readonly #takenUntilMs = new Map<string, number>();
  readonly #followMes = new Map<string, FollowMe>();
  #sendings: AliasSending[] = [];

  async add(alias: Alias, most: number): Promise<'added' | 'exists' | 'too-many'> {
    const own = this.#ofMember(alias.memberId);
    if (own.some((other) => isSameName(other, alias))) return 'exists';
    if (own.length >= most) return 'too-many';
    this.#aliases.set(alias.id, alias);
    return 'added';
  }

  async find(id: string): Promise<Alias | undefined> {
    return this.#aliases.get(id);
  }

  async list(memberId: string): Promise<readonly Alias[]> {
    return this.#ofMember(memberId);
  }

  async keep(before: Alias, after: Alias, supersede: (other: Alias) => Alias): Promise<AliasWrite> {
    if (this.#aliases.get(before.id)?.version !== before.version) return { kind: 'changed' };
    this.#takenUntilMs.delete(before.id);
    if (after.proof.state === 'removed') {
      this.#aliases.delete(before.id);
      return { kind: 'kept' };
    }
    const other = leadsToMember(after.proof) ? this.#holderOf(after) : undefined;
    this.#aliases.set(after.id, { ...after, version: before.version + 1 });
    if (other === undefined) return { kind: 'kept' };
    const superseded = { ...supersede(other), version: other.version + 1 };
    this.#aliases.set(other.id, superseded);
    return { kind: 'kept', superseded };
  }

  async takeDue(nowMs: number, untilMs: number, limit: number): Promise<readonly Alias[]> {
    const dueAtMs = ({ id, proof }: Alias) =>
      Math.max(nextCheckAtMs(proof) ?? Number.POSITIVE_INFINITY, this.#takenUntilMs.get(id) ?? 0);
    const due = [...this.#aliases.values()]
      .filter((alias) => dueAtMs(alias) <= nowMs)
      .sort((one, other) => dueAtMs(one) - dueAtMs(other))
      .slice(0, limit);
    for (const { id } of due) this.#takenUntilMs.set(id, untilMs);
    return due;
  }

  async noteSending(sending: AliasSending, limits: SendingLimits): Promise<boolean> {
    const sent = this.#sendings.filter(({ atMs }) => atMs > limits.sinceMs);
    const toName = sent.filter(({ name }) => isSameName(name, sending.name));
    const byMember = sent.filter(
      ({ memberId, name }) => memberId === sending.memberId && name.kind === sending.name.kind,
    );
    const isQuiet = toName.every(({ atMs }) => atMs <= limits.quietSinceMs);
    if (!isQuiet || toName.length >= limits.toName || byMember.length >= limits.byMember) return false;
    this.#sendings.push(sending);
    return true;
  }

  async pruneSendings(beforeMs: number): Promise<number> {
    const before = this.#sendings.length;
    this.#sendings = this.#sendings.filter(({ atMs }) => atMs >= beforeMs);
    return before - this.#sendings.length;
  }

  async followMe(memberId: string): Promise<FollowMe | undefined> {
    return this.#followMes.get(memberId);
  }

  async setFollowMe(followMe: FollowMe): Promise<void> {
    this.#followMes.set(followMe.memberId, followMe);
  }

  async endFollowMe(memberId: string): Promise<boolean> {
    return this.#followMes.delete(memberId);
  }

  /** What is proven, in the order in which it was. */
  facts(): readonly AliasFact[] {
    const provenAtMs = ({ proof }: Alias) => ('provenAtMs' in proof ? proof.provenAtMs : 0);
    return [...this.#aliases.values()]
      .filter(({ proof }) => leadsToMember(proof))
      .sort((one, other) => provenAtMs(one) - provenAtMs(other))
      .map(aliasFactOf);
  }

  allFollowMes(): readonly FollowMe[] {
    return [...this.#followMes.values()];
  }

  #ofMember(memberId: string): readonly Alias[] {
    return [...this.#aliases.values()].filter((alias) => alias.memberId === memberId);
  }

  #holderOf(alias: Alias): Alias | undefined {
    return [...this.#aliases.values()].find(
      (other) => other.id !== alias.id && isSameName(other, alias) && leadsToMember(other.proof),
    );
  }
}

function isSameName(one: AliasName, other: AliasName): boolean {
  return one.kind === other.kind && one.value === other.value && one.operatorId === other.operatorId;
}
