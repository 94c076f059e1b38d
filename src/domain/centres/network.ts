import { type CountryCode, type E164, type OperatorPlan, operatorPlan } from '../numbering/index.ts';
import type { CarrierTable } from './carrier-table.ts';
import type { Centre, CentreCode } from './centre.ts';
import type { Operator } from './operator.ts';
import { readSourceRange, SourceRanges } from './source-range.ts';
import type { Trunk } from './trunk.ts';

/** Everything that is set up of the network, as it was checked when it was set up. */
export type NetworkParts = {
  readonly centres: readonly Centre[];
  readonly trunks: readonly Trunk[];
  readonly operators: readonly Operator[];
};

/** The network in the form in which calls ask for it; made anew where it is set up anew. */
export class CentreNetwork {
  readonly centres: readonly Centre[];
  readonly trunks: readonly Trunk[];
  readonly carriers: CarrierTable;
  /** The plans of other operators, for reading what was dialled (R15). */
  readonly operatorPlans: readonly OperatorPlan[];
  readonly #centres: ReadonlyMap<string, Centre>;
  readonly #trunks: ReadonlyMap<string, Trunk>;
  readonly #operators: ReadonlyMap<string, Operator>;
  readonly #access: ReadonlyMap<string, CentreCode>;
  readonly #sources = new SourceRanges<Trunk>();
  readonly #digestUsers = new Map<string, Trunk>();

  constructor({ centres, trunks, operators }: NetworkParts, carriers: CarrierTable) {
    this.centres = centres;
    this.trunks = trunks;
    this.carriers = carriers;
    this.#centres = new Map(centres.map((centre) => [centre.code, centre]));
    this.#trunks = new Map(trunks.map((trunk) => [trunk.name, trunk]));
    this.#operators = new Map(operators.map((operator) => [operator.id, operator]));
    this.#access = new Map(
      centres.flatMap(({ accessNumbers, code }) => accessNumbers.map((number) => [number, code])),
    );
    this.operatorPlans = operators.flatMap(({ id, name, rules }) => {
      const plan = operatorPlan(id, name, rules);
      return plan.ok ? [plan.value] : [];
    });
    for (const trunk of trunks) this.#indexSources(trunk);
  }

  centreCoded(code: string): Centre | undefined {
    return this.#centres.get(code);
  }

  trunkNamed(name: string): Trunk | undefined {
    return this.#trunks.get(name);
  }

  operatorOf(id: string): Operator | undefined {
    return this.#operators.get(id);
  }

  /** The centre that has this number for callers who are then asked whom they want (R18). */
  accessCentreOf(number: E164): CentreCode | undefined {
    return this.#access.get(number);
  }

  /** The trunk whose addresses include this literal one. */
  trunkOfSource(address: string): Trunk | undefined {
    return this.#sources.ownerOf(address);
  }

  /** The trunk that proves itself by this user name. */
  trunkOfDigestUser(user: string): Trunk | undefined {
    return this.#digestUsers.get(user);
  }

  /** The trunks that take emergency calls from a country. */
  emergencyTrunksOf(countryCode: CountryCode): readonly { readonly centre: Centre; readonly trunk: Trunk }[] {
    return this.centres.flatMap((centre) => {
      const trunk = this.#trunks.get(centre.emergencyTrunk ?? '');
      return trunk !== undefined && centre.countries.includes(countryCode) ? [{ centre, trunk }] : [];
    });
  }

  #indexSources(trunk: Trunk): void {
    for (const text of trunk.inbound?.addresses ?? []) {
      const range = readSourceRange(text);
      if (range.ok) this.#sources.add(range.value, trunk);
    }
    const user = trunk.inbound?.digest?.user;
    if (user !== undefined) this.#digestUsers.set(user, trunk);
  }
}
