import { hash, randomBytes } from 'node:crypto';
import { systemClock, TimerLists } from '../../../src/adapters/clock/index.ts';
import { Authentication } from '../../../src/adapters/sip/authentication/index.ts';
import { type IncomingRequest, SipEndpoint } from '../../../src/adapters/sip/endpoint/index.ts';
import { openNetwork } from '../../../src/adapters/sip/network/index.ts';
import { isTrunk, type SipParty } from '../../../src/adapters/sip/parties.ts';
import { TrunkDesk } from '../../../src/adapters/sip/trunks/index.ts';
import type { CentreNetwork, Trunk } from '../../../src/domain/centres/index.ts';
import { refuse } from '../../../src/domain/refusal/index.ts';
import { responseTo } from '../../../src/protocols/sip/message/index.ts';
import { networkOf } from './trunk-world.ts';

export const REALM = 'omnidial.example';

/** What a trunk stores of a password that the other side proves to us. */
export function inboundSecrets(
  user: string,
  password: string,
): { readonly md5: string; readonly sha256: string } {
  const text = `${user}:${REALM}:${password}`;
  return { md5: hash('md5', text), sha256: hash('sha256', text) };
}

/** A desk on real sockets that declines every call it lets in with 603, and gives the channel back. */
export type StandingDesk = {
  readonly desk: TrunkDesk;
  /** The names of the trunks that calls came in by, in order. */
  readonly callers: readonly string[];
  setUp(...trunks: readonly Trunk[]): void;
  close(): Promise<void>;
};

export async function openDesk(port: number, ...trunks: readonly Trunk[]): Promise<StandingDesk> {
  const sockets = await openNetwork({ listen: [{ transport: 'udp', address: '127.0.0.1', port }] });
  const timers = new TimerLists();
  const newToken = () => randomBytes(10).toString('hex');
  const endpoint = new SipEndpoint({ network: sockets, timers, newToken });
  let network: CentreNetwork = networkOf(...trunks);
  const authentication = new Authentication<SipParty>({
    realm: REALM,
    clock: systemClock,
    newTag: newToken,
    partyOf: (user) => {
      const trunk = network.trunkOfDigestUser(user);
      const secrets = trunk?.inbound?.digest?.secrets;
      return trunk === undefined || secrets === undefined ? undefined : { user, secrets, trunk };
    },
  });
  const callers: string[] = [];
  const offered = (incoming: IncomingRequest) => {
    const { request } = incoming;
    if (request.method !== 'INVITE') {
      incoming.respond(responseTo(request, 200, undefined, newToken()));
      return;
    }
    const caller = desk.identify(incoming) ?? proven(incoming);
    if (caller?.kind !== 'known') return;
    if (caller.caller.kind === 'trunk') callers.push(caller.caller.trunk.name);
    incoming.respond(responseTo(request, 603, undefined, newToken()));
    caller.onOver?.();
  };
  const proven = (incoming: IncomingRequest) => {
    const sender = authentication.authenticate(incoming.request, incoming.source);
    if (sender.kind !== 'known') {
      incoming.respond(sender.response);
      return undefined;
    }
    return isTrunk(sender.party) ? desk.admit(incoming, sender.party.trunk) : undefined;
  };
  endpoint.start({ onRequest: offered, onAck: () => {}, onClosed: () => {} });
  const desk = new TrunkDesk({
    endpoint,
    clock: systemClock,
    timers,
    domain: REALM,
    random: Math.random,
    servers: { locate: async () => refuse('address-not-found', 'There are no names here.') },
    network: () => network,
    serves: () => true,
    log: () => {},
  });
  return {
    desk,
    callers,
    setUp: (...wanted) => {
      network = networkOf(...wanted);
      desk.networkChanged();
    },
    close: async () => {
      await desk.close();
      timers.close();
      await sockets.close();
    },
  };
}
