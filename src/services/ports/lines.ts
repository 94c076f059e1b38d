import type { Gateway, Trunk } from '../../domain/centres/index.ts';
import type { SipHop } from './names.ts';

/** A gateway of a trunk, and where it is: the next hop where one fails. */
export type ReachedGateway = { readonly gateway: Gateway; readonly hops: readonly SipHop[] };

/** The ways to other networks as they are at this moment. */
export type TrunkLines = {
  /**
   * The gateways of a trunk that live and have an address, in the order to try. Names may have to be looked up first;
   * literal addresses are there at once.
   * @param which `all` also those that are thought dead, as for help
   */
  gatewaysOf(
    trunk: Trunk,
    which?: 'live' | 'all',
  ): readonly ReachedGateway[] | Promise<readonly ReachedGateway[]>;
  /** How many calls a trunk carries, in both directions. */
  channelsInUse(trunk: string): number;
  /** Whether any gateway of the trunk lives. */
  isAlive(trunk: Trunk): boolean;
};

/** How a trunk stands at this moment. */
export type TrunkState = {
  readonly name: string;
  readonly channelsInUse: number;
  readonly gateways: readonly {
    readonly gateway: string;
    readonly state: 'up' | 'down';
    readonly sinceMs: number;
    /** When it answered last; absent where it never has. */
    readonly answeredAtMs?: number;
    readonly reason?: string;
  }[];
  readonly registration?: 'registered' | 'trying' | 'refused';
  /** Until when we are registered; milliseconds since 1970. */
  readonly registeredUntilMs?: number;
};

/** How this process finds the trunks that it speaks with. */
export type TrunkStates = { list(): readonly TrunkState[] };
