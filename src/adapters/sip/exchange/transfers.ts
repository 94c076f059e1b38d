import { refuseCall } from '../../../domain/exchange/call/index.ts';
import {
  cseq,
  headerValue,
  headerValues,
  maxForwards,
  responseTo,
  withHeader,
} from '../../../protocols/sip/message/index.ts';
import type { Connection } from '../../../services/connect-call.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import { AttendedTransfer } from './attended-transfer.ts';
import { type CallKeeper, CarriedCall } from './carried-call.ts';
import type { ExchangeContext } from './context.ts';
import { type DialledUri, dialledBy } from './dialled-uri.ts';
import type { Leg } from './leg.ts';
import { type Connect, whenConnected } from './offer.ts';
import { ReferProgress } from './refer-progress.ts';
import { endOf } from './relayed.ts';
import { referTargetOf } from './replaces.ts';
import { beginningOf, ringingsFor } from './ringing.ts';
import { TransferredCaller } from './transferred-caller.ts';

/** Where a partner is to be sent, and who hears what becomes of it. */
type TransferWish = {
  readonly target: DialledUri;
  readonly hops: number;
  readonly referredBy: readonly string[];
  readonly progress: ReferProgress;
};

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
    const partner = leg.peer;
    // RFC 3515 §2.4.1 leaves it to the phone to try again: there is no conversation yet, or one transfer is under way.
    if (call.call.phase !== 'answered' || partner === undefined || call.call.transferringSide !== undefined) {
      this.#refuse(incoming, 491, 'There is no conversation that could be transferred now.');
      return;
    }
    if (leg.terminalId === undefined) {
      this.#refuse(incoming, 403, 'Only terminals of this service transfer calls.');
      return;
    }
    const target = referTargetOf(headerValue(request, 'Refer-To') ?? '');
    if (!target.ok) {
      this.#refuse(incoming, target.problem.status, target.problem.detail);
      return;
    }
    if (target.value.kind === 'take-over') {
      this.#takeOver(incoming, call, { leg, partner }, target.value.dialogKey);
      return;
    }
    const dialled = dialledBy(target.value.uri, this.#context.servesHost);
    if (!dialled.ok) {
      this.#refuse(incoming, dialled.problem.status, dialled.problem.detail);
      return;
    }
    const progress = this.#accept(incoming, call, leg);
    this.#dial(call, leg, partner, {
      target: dialled.value,
      hops: (maxForwards(request) ?? 70) - 1,
      referredBy: headerValues(request, 'Referred-By'),
      progress,
    });
  }

  /** Attended: only a conversation of the same terminal's, which must be answered on both sides. */
  #takeOver(
    incoming: IncomingRequest,
    first: CarriedCall,
    { leg, partner }: { readonly leg: Leg; readonly partner: Leg },
    dialogKey: string,
  ): void {
    const replaced = this.#context.legs.find(dialogKey);
    if (replaced === undefined || replaced.isClosed || replaced.terminalId !== leg.terminalId) {
      this.#refuse(incoming, 403, 'This phone has no such other conversation.');
      return;
    }
    const { owner: second, peer: third } = replaced;
    if (!replaced.isConfirmed || third === undefined) {
      this.#refuse(incoming, 403, 'The other conversation is not answered yet.');
      return;
    }
    const isFree =
      second instanceof CarriedCall && third.owner === second && second.call.phase === 'answered';
    if (!isFree || second === first || second.call.transferringSide !== undefined) {
      this.#refuse(incoming, 403, 'The other conversation is being transferred itself.');
      return;
    }
    const progress = this.#accept(incoming, first, leg);
    const parts = { first, transferrer: leg, partner, second, replaced, third };
    new AttendedTransfer(this.#context, parts, progress).begin();
  }

  /** RFC 4488 §4: a phone may say that it does not want to hear what becomes of it. */
  #accept(incoming: IncomingRequest, call: CarriedCall, leg: Leg): ReferProgress {
    const { request } = incoming;
    const silent = /^\s*false\b/i.test(headerValue(request, 'Refer-Sub') ?? '');
    const accepted = responseTo(request, 202);
    const headers = [
      ...accepted.headers,
      { name: 'Contact', value: leg.dialog.localContact },
      ...(silent ? [{ name: 'Refer-Sub', value: 'false' }] : []),
    ];
    incoming.respond({ ...accepted, headers });
    call.happened({ kind: 'transfer-begun', by: call.sideOf(leg) });
    const progress = new ReferProgress(leg, cseq(request).number, !silent);
    progress.tell(100);
    return progress;
  }

  #refuse(incoming: IncomingRequest, status: number, detail: string): void {
    const refusal = responseTo(incoming.request, status);
    incoming.respond(withHeader(refusal, 'Warning', `399 omnidial "${detail.replaceAll('"', "'")}"`));
  }

  /** Blind: the new number is dialled for the partner. */
  #dial(old: CarriedCall, leg: Leg, partner: Leg, wish: TransferWish): void {
    const offer = {
      caller: { kind: 'terminal' as const, terminalId: leg.terminalId ?? '' },
      dialled: wish.target.dialled,
      marks: [],
    };
    whenConnected(this.#connect(offer), (connection) => {
      if (partner.isClosed) {
        wish.progress.tell(487);
        old.happened({ kind: 'transfer-failed' });
      } else this.#begin(connection, old, partner, wish);
    });
  }

  #begin(connection: Connection, old: CarriedCall, partner: Leg, wish: TransferWish): void {
    const { facts, route } = connection;
    if (!route.ok) {
      const [refused] = refuseCall(facts, route.outcome);
      this.#keeper.onKeep(refused, () => {});
      wish.progress.tell(route.outcome.sipStatus);
      old.happened({ kind: 'transfer-failed' });
      return;
    }
    const [call, effects] = beginningOf(connection);
    const carried = new CarriedCall(this.#context, this.#keeper, call);
    this.#context.onDialog(partner.dialog.callId, facts.id);
    const caller = new TransferredCaller(this.#context, partner, { old, new: carried }, wish.progress);
    const headers = wish.referredBy.map((value) => ({ name: 'Referred-By', value }));
    const options = {
      connection,
      caller: endOf(partner),
      dialledUser: wish.target.user,
      maxForwards: wish.hops,
      headers,
    };
    carried.begin(caller, ringingsFor(this.#context, options, carried), effects);
  }
}
