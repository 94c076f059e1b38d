import type { MediaRelays } from '../../../services/ports/index.ts';
import type { ExchangeContext } from './context.ts';
import type { Leg } from './leg.ts';
import { Passage } from './passage.ts';

/** When sound goes through the relay: where it has to, always, or never. */
export type RelayPolicy = 'auto' | 'always' | 'never';

export type MediaContext = { readonly relays: MediaRelays; readonly policy: RelayPolicy };

/** One end of a conversation, as the relay has to know it. */
export type RelayedEnd = {
  /** Where the signalling of a phone comes from; absent for another network, whose sound comes from elsewhere. */
  readonly address?: string;
  /** Whether another network is behind it, or a NAT. */
  readonly needsRelay: boolean;
};

/** Whether the sound between two ends goes through the relay. */
export function isRelayed(
  { media }: ExchangeContext,
  one: Pick<RelayedEnd, 'needsRelay'>,
  other: Pick<RelayedEnd, 'needsRelay'>,
): boolean {
  if (media === undefined || media.policy === 'never') return false;
  return media.policy === 'always' || one.needsRelay || other.needsRelay;
}

/**
 * Opens a passage through the relay between two ends.
 * @param onSilence nothing was heard from either for so long that nobody can be there
 */
export function openPassage(
  { media, endpoint }: ExchangeContext,
  { caller, callee }: { readonly caller: RelayedEnd; readonly callee: RelayedEnd },
  onSilence: () => void,
): Passage | 'full' {
  const relay = media?.relays.open({
    callId: endpoint.newCallId(),
    signalledFrom: {
      ...(caller.address === undefined ? {} : { caller: caller.address }),
      ...(callee.address === undefined ? {} : { callee: callee.address }),
    },
    onSilence,
  });
  return relay === undefined ? 'full' : new Passage(relay);
}

/** A passage between two phones that are in conversations already, where one is needed. */
export function passageBetween(
  context: ExchangeContext,
  caller: Leg,
  callee: Leg,
): Passage | 'full' | undefined {
  if (!isRelayed(context, caller, callee)) return undefined;
  const ends = { caller: endOf(caller), callee: endOf(callee) };
  const passage = openPassage(context, ends, () => {
    if (callee.passage === passage) callee.owner.onLost(callee);
  });
  return passage;
}

/** Makes two phones partners; the passages that led to their former ones are closed. */
export function pairUp(caller: Leg, callee: Leg, passage: Passage | undefined): void {
  for (const leg of [caller, callee]) {
    if (leg.passage !== passage) leg.passage?.close();
    leg.passage = passage;
    if (passage !== undefined) leg.whenClosed(() => passage.close());
  }
  caller.side = 'caller';
  callee.side = 'callee';
  caller.peer = callee;
  callee.peer = caller;
}

/** A phone of ours, or another network. */
export function endOf({ flow, needsRelay, terminalId }: Leg): RelayedEnd {
  return terminalId === undefined ? { needsRelay } : { address: flow.address, needsRelay };
}
