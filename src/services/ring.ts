import { type ChargeTerms, needsMeter } from '../domain/billing/charging/index.ts';
import { isBounded } from '../domain/billing/ledger/index.ts';
import type { Gateway, Trunk } from '../domain/centres/index.ts';
import type { Attempt, Branch, CalledParty } from '../domain/exchange/call/index.ts';
import type { Binding } from '../domain/terminals/index.ts';
import type { SipHop } from './ports/index.ts';

/** At least one, in the order to try. */
export type Hops = readonly [SipHop, ...SipHop[]];

/** How somebody is reached who is to ring. */
export type Way =
  /** A phone that registered. */
  | { readonly kind: 'binding'; readonly binding: Binding }
  /** A number at a gateway of a trunk, both as the trunk wants them. */
  | {
      readonly kind: 'trunk';
      readonly trunk: Trunk;
      readonly gateway: Gateway;
      readonly hops: Hops;
      readonly called: string;
      /** Who calls; absent where no number may be shown there. */
      readonly calling?: string;
      /** Somebody calls for help: no limit holds it up, and nobody hides. */
      readonly isEmergency?: boolean;
    }
  /** The SIP address of a stranger. */
  | { readonly kind: 'address'; readonly uri: string; readonly hops: Hops }
  /** Another process of ours, which serves the terminal or speaks with the trunk (R13). */
  | {
      readonly kind: 'process';
      readonly processId: string;
      readonly hops: Hops;
      readonly errand: Errand;
    };

/** What one process asks of another: to ring a terminal, or to send a number out by a trunk. */
export type Errand =
  | { readonly kind: 'terminal'; readonly terminalId: string }
  | {
      readonly kind: 'trunk';
      readonly trunk: string;
      readonly called: string;
      readonly calling?: string;
      readonly isEmergency?: boolean;
    };

/** One phone, or one way out, to ring. */
export type Ring = { readonly attempt: Attempt; readonly way: Way };

/** What rings at the same time as others: of its rings the next only where the one before failed. */
export type RingBranch = {
  readonly rings: readonly Ring[];
  readonly delayMs: number;
  /** What credit is kept back for before any of it rings (R23). */
  readonly credit?: ChargeTerms;
  /** Whether the caller, who pays, is told the price before any of it rings. */
  readonly announcesPrice?: boolean;
};

/** One way out, to be tried where the one before failed. */
export type OutwardRing = {
  readonly way: Way;
  readonly party: CalledParty;
  readonly asksNextAfter404: boolean;
  /** What it costs us (R23); absent where nothing is settled for it. */
  readonly cost?: ChargeTerms;
};

/** The branches in the shape in which the call decides about them. */
export function branchesOf(branches: readonly RingBranch[]): readonly Branch[] {
  return branches.map(({ rings, delayMs, credit, announcesPrice = false }) => ({
    delayMs,
    attempts: rings.map(({ attempt }) => attempt),
    ...(credit === undefined ? {} : { credit }),
    ...(announcesPrice ? { announcesPrice } : {}),
  }));
}

/**
 * Ways out as one branch, of which the next is tried where the one before failed.
 * @param sale what they cost who pays for them; a way over the internet costs nothing
 */
export function outwardBranch(ways: readonly OutwardRing[], delayMs = 0, sale?: ChargeTerms): RingBranch {
  let costsSomething = false;
  const rings = ways.map(({ way, party, asksNextAfter404, cost }, at): Ring => {
    const sold = party.kind === 'trunk' ? sale : undefined;
    costsSomething ||= sold !== undefined;
    const charges = [sold, cost].filter((terms) => terms !== undefined);
    const charged = charges.length === 0 ? {} : { charges };
    return { attempt: { id: `out-${at}`, party, asksNextAfter404, ...charged }, way };
  });
  const isMetered = costsSomething && sale !== undefined && isBounded(sale.account) && needsMeter(sale.rate);
  return { rings, delayMs, ...(isMetered ? { credit: sale } : {}) };
}
