import type { AliasFact, AliasKind, AliasName, FollowMe } from '../domain/members/index.ts';
import type { E164 } from '../domain/numbering/index.ts';

/**
 * What else than our numbers leads to a member, in memory (R17, R18, R19). A million members have an address and a
 * telephone each: those are kept as pairs of texts, and made into facts when they are asked for.
 */
export class KnownAliases {
  readonly #telephones = new Map<string, string>();
  readonly #addresses = new Map<string, string>();
  readonly #domains = new Map<string, AliasFact>();
  /** By digits: two operators may have given the same ones. */
  readonly #elsewhere = new Map<string, readonly AliasFact[]>();
  /** The telephones of each member, the one proven first at the front. */
  readonly #telephonesOf = new Map<string, string | readonly string[]>();
  readonly #followMes = new Map<string, FollowMe>();

  get size(): number {
    return this.#telephones.size + this.#addresses.size + this.#domains.size + this.#elsewhere.size;
  }

  /** From now on the name leads to this member, and to nobody else. */
  prove(alias: AliasFact): void {
    switch (alias.kind) {
      case 'pstn':
        this.#proveTelephone(alias.value, alias.memberId);
        break;
      case 'email':
        this.#addresses.set(alias.value, alias.memberId);
        break;
      case 'domain':
        this.#domains.set(alias.value, alias);
        break;
      case 'operator': {
        const others = this.#ofOtherOperators(alias);
        this.#elsewhere.set(alias.value, [...others, alias]);
        break;
      }
    }
  }

  lapse(alias: AliasName): void {
    switch (alias.kind) {
      case 'pstn':
        this.#lapseTelephone(alias.value);
        break;
      case 'email':
        this.#addresses.delete(alias.value);
        break;
      case 'domain':
        this.#domains.delete(alias.value);
        break;
      case 'operator': {
        const others = this.#ofOtherOperators(alias);
        if (others.length === 0) this.#elsewhere.delete(alias.value);
        else this.#elsewhere.set(alias.value, others);
        break;
      }
    }
  }

  /**
   * Whom a proven name leads to.
   * @param operatorId whose number it is; without it a number that several operators have given is nobody's, since
   *   nobody can tell whose is meant
   */
  aliasOf(kind: AliasKind, value: string, operatorId?: string): AliasFact | undefined {
    if (kind === 'domain') return this.#domains.get(value);
    if (kind === 'operator') {
      const all = this.#elsewhere.get(value);
      if (operatorId !== undefined) return all?.find((each) => each.operatorId === operatorId);
      return all?.length === 1 ? all[0] : undefined;
    }
    const memberId = (kind === 'pstn' ? this.#telephones : this.#addresses).get(value);
    return memberId === undefined ? undefined : { kind, value, memberId };
  }

  /** The proven telephones of a member, E.164, in the order in which they were proven. */
  telephonesOf(memberId: string): readonly E164[] {
    // They were read into E.164 before they were proven.
    return listed(this.#telephonesOf.get(memberId)) as readonly E164[];
  }

  setFollowMe(followMe: FollowMe): void {
    this.#followMes.set(followMe.memberId, followMe);
  }

  endFollowMe(memberId: string): void {
    this.#followMes.delete(memberId);
  }

  /** Only as long as the number is proven: else a stranger's telephone would ring. */
  followMeOf(memberId: string): FollowMe | undefined {
    const followMe = this.#followMes.get(memberId);
    return followMe !== undefined && this.#telephones.get(followMe.number) === memberId
      ? followMe
      : undefined;
  }

  #proveTelephone(number: string, memberId: string): void {
    if (this.#telephones.get(number) === memberId) return;
    this.#lapseTelephone(number);
    this.#telephones.set(number, memberId);
    const before = this.#telephonesOf.get(memberId);
    this.#telephonesOf.set(memberId, before === undefined ? number : [...listed(before), number]);
  }

  #lapseTelephone(number: string): void {
    const memberId = this.#telephones.get(number);
    if (memberId === undefined) return;
    this.#telephones.delete(number);
    const others = listed(this.#telephonesOf.get(memberId)).filter((other) => other !== number);
    const [first, ...more] = others;
    if (first === undefined) this.#telephonesOf.delete(memberId);
    else this.#telephonesOf.set(memberId, more.length === 0 ? first : others);
  }

  #ofOtherOperators({ value, operatorId }: AliasName): readonly AliasFact[] {
    return (this.#elsewhere.get(value) ?? []).filter((each) => each.operatorId !== operatorId);
  }
}

function listed(one: string | readonly string[] | undefined): readonly string[] {
  if (one === undefined) return [];
  return typeof one === 'string' ? [one] : one;
}
