import { refuseCall, startCall } from '../../../domain/exchange/call/index.ts';
import {
  cseq,
  headerValue,
  headerValues,
  maxForwards,
  responseTo,
} from '../../../protocols/sip/message/index.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import { type CallKeeper, CarriedCall } from './carried-call.ts';
import type { ExchangeContext } from './context.ts';
import { type DialledUri, dialledBy } from './dialled-uri.ts';
import { join } from './join.ts';
import type { Leg } from './leg.ts';
import { type Connect, offerTo } from './offer.ts';
import { reasonOf } from './reason.ts';
import { ReferProgress } from './refer-progress.ts';
import { referTargetOf } from './replaces.ts';
import { RingingPhone } from './ringing-phone.ts';
import { TransferredCaller } from './transferred-caller.ts';

/** Normal clearing. */
const DONE = { sipStatus: 200, q850Cause: 16 };

/**
 * Sends a partner elsewhere (REFER): the exchange itself places the new call, so that it is charged to the one who
 * transfers and works with phones that know no REFER.
 */
export class Transfers {
  readonly #context: ExchangeContext;
  readonly #keeper: CallKeeper;
  readonly #connect: Connect;

  constructor(context: ExchangeContext, keeper: CallKeeper, connect: Connect) {
    this.#context = context;
    this.#keeper = keeper;
    this.#connect = connect;
  }

  /** A phone in a conversation wants its partner transferred. */
  refer(call: CarriedCall, leg: Leg, incoming: IncomingRequest): void {
    const { request } = incoming;
    const referTo = headerValue(request, 'Refer-To');
    const target = referTo === undefined ? undefined : referTargetOf(referTo);
    if (target === undefined || !target.ok) {
      incoming.respond(responseTo(request, target === undefined ? 400 : target.problem.status));
      return;
    }
    const partner = leg.peer;
    if (call.call.phase !== 'answered' || partner === undefined || call.call.transferringSide !== undefined) {
      incoming.respond(responseTo(request, 491));
      return;
    }
    const dialled =
      target.value.kind === 'dial' ? dialledBy(target.value.uri, this.#context.servesHost) : undefined;
    const replaced =
      target.value.kind === 'take-over' ? this.#context.legs.find(target.value.dialogKey) : undefined;
    if (target.value.kind === 'take-over' && !this.#mayTakeOver(leg, replaced)) {
      incoming.respond(responseTo(request, 403));
      return;
    }
    const accepted = responseTo(request, 202);
    const contact = { name: 'Contact', value: leg.dialog.localContact };
    incoming.respond({ ...accepted, headers: [...accepted.headers, contact] });
    call.happened({ kind: 'transfer-begun', by: call.sideOf(leg) });
    const progress = new ReferProgress(leg, cseq(request).number);
    progress.tell(100);
    if (replaced !== undefined) this.#takeOver(call, { leg, partner, replaced }, progress);
    else if (dialled?.ok === true) {
      this.#dial(call, leg, partner, {
        target: dialled.value,
        hops: (maxForwards(request) ?? 70) - 1,
        referredBy: headerValues(request, 'Referred-By'),
        progress,
      });
    }
  }

  /** Only a conversation of the same terminal's, which must be answered on both sides. */
  #mayTakeOver(leg: Leg, replaced: Leg | undefined): replaced is Leg {
    return (
      replaced !== undefined &&
      replaced !== leg &&
      replaced.terminalId === leg.terminalId &&
      replaced.isConfirmed &&
      !replaced.isClosed &&
      replaced.peer !== undefined &&
      replaced.owner instanceof CarriedCall
    );
  }

  /** Blind: the new number is dialled for the partner. */
  #dial(
    old: CarriedCall,
    leg: Leg,
    partner: Leg,
    wish: {
      readonly target: DialledUri;
      readonly hops: number;
      readonly referredBy: readonly string[];
      readonly progress: ReferProgress;
    },
  ): void {
    const connection = this.#connect({ callerTerminalId: leg.terminalId, dialled: wish.target.dialled });
    const { facts, route } = connection;
    if (!route.ok) {
      const [refused] = refuseCall(facts, route.outcome);
      this.#keeper.onKeep(refused);
      wish.progress.tell(route.outcome.sipStatus);
      old.happened({ kind: 'transfer-failed' });
      return;
    }
    const [call, effects] = startCall(
      facts,
      route.rings.map(({ attempt }) => attempt),
    );
    const carried = new CarriedCall(this.#context, this.#keeper, call);
    this.#context.onDialog(partner.dialog.callId, facts.id);
    const caller = new TransferredCaller(this.#context, partner, { old, new: carried }, wish.progress);
    const phones = route.rings.map((ring) => {
      const headers = wish.referredBy.map((value) => ({ name: 'Referred-By', value }));
      const options = {
        connection,
        dialledUser: wish.target.user,
        maxForwards: wish.hops,
        headers,
      };
      return new RingingPhone(this.#context, offerTo(this.#context, ring, options), carried);
    });
    carried.begin(caller, phones, effects);
  }

  /** Attended: the partner takes the place of the transferring phone in its other conversation. */
  #takeOver(
    old: CarriedCall,
    { leg, partner, replaced }: { readonly leg: Leg; readonly partner: Leg; readonly replaced: Leg },
    progress: ReferProgress,
  ): void {
    const other = replaced.owner;
    const third = replaced.peer;
    if (!(other instanceof CarriedCall) || third === undefined) return;
    const by = old.sideOf(leg);
    join(this.#context, third, partner, {
      done: () => {
        leg.peer = undefined;
        replaced.peer = undefined;
        other.replace(replaced, partner);
        progress.tell(200);
        old.happened({ kind: 'transfer-done', by });
        replaced.bye(reasonOf(DONE));
      },
      failed: (status) => {
        progress.tell(status);
        old.happened({ kind: 'transfer-failed' });
      },
    });
  }
}
