import type { CentreNetwork } from '../../domain/centres/index.ts';
import { isEmergencyNumberAnywhere } from '../../domain/numbering/index.ts';
import { responseTo, withHeader } from '../../protocols/sip/message/index.ts';
import type { ProcessSignatures } from '../../services/ports/index.ts';
import type { Authentication } from './authentication/index.ts';
import type { IncomingRequest } from './endpoint/index.ts';
import { type Authenticate, claimsErrand, errandOf } from './exchange/index.ts';
import { isTrunk, type SipParty } from './parties.ts';
import type { TrunkDesk } from './trunks/index.ts';

export type SendersOptions = {
  readonly authentication: Pick<Authentication<SipParty>, 'authenticate'>;
  readonly trunks: Pick<TrunkDesk, 'identify' | 'admit'>;
  /** By what the other processes are known, where there are any. */
  readonly others?: { readonly signatures: ProcessSignatures };
  /** Whether this process takes no new calls, since it ends soon. */
  readonly isDraining?: () => boolean;
  readonly newTag: () => string;
};

/** Finds out who sent an INVITE or MESSAGE: another process of ours, a trunk or a terminal; anybody else is answered. */
export function createSenders(options: SendersOptions): Authenticate {
  return (incoming) =>
    // Phones that are registered here are reached by nobody else, for as long as this process lives.
    runErrand(options, incoming) ??
    turnAway(options, incoming) ??
    options.trunks.identify(incoming) ??
    authenticate(options, incoming);
}

/** How long a phone shall wait before it calls again, which by then another process may take. */
const DRAINING_RETRY_AFTER_S = 5;

/** A process that ends soon takes no new calls; but whoever may be calling for help is sent nowhere else. */
function turnAway(
  { isDraining, newTag }: SendersOptions,
  incoming: IncomingRequest,
): ReturnType<Authenticate> | undefined {
  if (isDraining?.() !== true || mayCallForHelp(incoming)) return undefined;
  const refusal = responseTo(incoming.request, 503, undefined, newTag());
  incoming.respond(withHeader(refusal, 'Retry-After', String(DRAINING_RETRY_AFTER_S)));
  return { kind: 'answered' };
}

/** Whether what is dialled calls for help in some country: which one the caller is in is found out later. */
function mayCallForHelp({ request }: IncomingRequest): boolean {
  const [, digits = ''] = /^(?:sips?|tel):(\d+)(?:[@;]|$)/i.exec(request.uri) ?? [];
  return request.method === 'INVITE' && isEmergencyNumberAnywhere(digits);
}

/** What another process of ours has sent; whoever only claims to be one is refused. */
function runErrand(
  { others, newTag }: SendersOptions,
  incoming: IncomingRequest,
): ReturnType<Authenticate> | undefined {
  if (!claimsErrand(incoming.request)) return undefined;
  const errand = others && errandOf(others.signatures, incoming.request);
  if (errand !== undefined) return { kind: 'errand', errand };
  incoming.respond(responseTo(incoming.request, 403, undefined, newTag()));
  return { kind: 'answered' };
}

/** Whoever sends an INVITE or MESSAGE has to be a terminal of a member's, or a trunk. */
function authenticate(
  { authentication, trunks }: SendersOptions,
  incoming: IncomingRequest,
): ReturnType<Authenticate> {
  const sender = authentication.authenticate(incoming.request, incoming.source);
  if (sender.kind !== 'known') {
    incoming.respond(sender.response);
    return { kind: 'answered' };
  }
  const { party } = sender;
  return isTrunk(party)
    ? trunks.admit(incoming, party.trunk)
    : { kind: 'known', caller: { kind: 'terminal', terminalId: party.id } };
}

/** The trunk that proves itself by a user name, with what it has to know. */
export function trunkParty(network: CentreNetwork, user: string): SipParty | undefined {
  const trunk = network.trunkOfDigestUser(user);
  const secrets = trunk?.inbound?.digest?.secrets;
  return trunk === undefined || secrets === undefined ? undefined : { user, secrets, trunk };
}
