import type { RelayedStream, RelaySide, RelayStatistics } from '../../../services/ports/index.ts';
import { type Bencoded, itemsOf, membersOf } from './bencode.ts';
import type { Reply } from './control.ts';

export const NOTHING_RELAYED: RelayStatistics = {
  fromCaller: streamOf(0, 0, 0),
  fromCallee: streamOf(0, 0, 0),
};

/**
 * Reads what a `query` says of a call whose tags are the sides. rtpengine counts refused packets among
 * the others, and their bytes too, which are taken off at the mean size. Loss and jitter it does not measure where it
 * relays in userspace, so that neither is said.
 */
export function statisticsOf(reply: Reply): RelayStatistics {
  return { fromCaller: sideOf(reply, 'caller'), fromCallee: sideOf(reply, 'callee') };
}

function sideOf(reply: Reply, side: RelaySide): RelayedStream {
  const tag = membersOf(membersOf(reply.get('tags')).get(side));
  let packets = 0;
  let bytes = 0;
  let refused = 0;
  for (const stream of itemsOf(tag.get('medias')).flatMap((media) =>
    itemsOf(membersOf(media).get('streams')),
  )) {
    const stats = membersOf(membersOf(stream).get('stats'));
    refused += numberOf(stats.get('errors'));
    if (!itemsOf(membersOf(stream).get('flags')).includes('RTP')) continue;
    const all = numberOf(stats.get('packets'));
    const good = Math.max(0, all - numberOf(stats.get('errors')));
    packets += good;
    bytes += all === 0 ? 0 : Math.round((numberOf(stats.get('bytes')) * good) / all);
  }
  return streamOf(packets, bytes, refused);
}

function streamOf(packets: number, bytes: number, refused: number): RelayedStream {
  return { packets, bytes, refused };
}

function numberOf(value: Bencoded | undefined): number {
  return typeof value === 'number' ? value : 0;
}
