/** From how many networks a user is remembered: home, work, the mobile, and one more. */
const MOST_NETWORKS = 4;

/** After so many wrong answers in a row a network counts as any other again. */
const FORGIVEN_WRONG_ANSWERS = 10;

type ProvenNetwork = { readonly network: string; readonly wrongAnswers: number };

/**
 * From where users have shown that they know their password. There blocks do not hold them: whoever attacks a user
 * from elsewhere, or anybody from behind the same address, does not lock the phone out that was there before.
 */
export class ProvenNetworks {
  readonly #networks = new Map<string, readonly ProvenNetwork[]>();

  isProven(user: string, network: string): boolean {
    return this.#networks.get(user)?.some((each) => each.network === network) ?? false;
  }

  /** The right password came from there. */
  prove(user: string, network: string): void {
    const networks = this.#networks.get(user) ?? [];
    const [latest] = networks;
    if (latest?.network === network && latest.wrongAnswers === 0) return;
    const others = networks.filter((each) => each.network !== network).slice(0, MOST_NETWORKS - 1);
    this.#networks.set(user, [{ network, wrongAnswers: 0 }, ...others]);
  }

  /** A wrong password came from there. */
  countWrongAnswer(user: string, network: string): void {
    const networks = this.#networks.get(user);
    if (networks === undefined) return;
    const left = networks
      .map((each) => (each.network === network ? { network, wrongAnswers: each.wrongAnswers + 1 } : each))
      .filter(({ wrongAnswers }) => wrongAnswers < FORGIVEN_WRONG_ANSWERS);
    if (left.length === 0) this.#networks.delete(user);
    else this.#networks.set(user, left);
  }
}
