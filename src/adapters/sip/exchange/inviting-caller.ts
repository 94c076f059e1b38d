import type { Outcome } from '../../../domain/exchange/call/index.ts';
import { type PriceOfCall, spokenPrice } from '../../../domain/voice/index.ts';
import type { Dialog, RequestParts } from '../../../protocols/sip/dialog/index.ts';
import {
  type HeaderField,
  responseTo,
  type SipResponse,
  withHeader,
} from '../../../protocols/sip/message/index.ts';
import type { SessionTimerTerms } from '../../../protocols/sip/session/index.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import type { CallerSide } from './caller-side.ts';
import type { ExchangeContext } from './context.ts';
import { claimsErrand } from './errands.ts';
import { Leg } from './leg.ts';
import type { LegOwner } from './leg-owner.ts';
import { ackParts, capabilityHeaders, passedHeaders } from './passed-headers.ts';
import { reasonOf } from './reason.ts';
import { type Hearer, hearsEarly, refusalSpeech, speakEarly } from './voice.ts';

export type InvitingCallerOptions = {
  readonly incoming: IncomingRequest;
  /** The dialog the INVITE would open, without our tag. */
  readonly dialog: Dialog;
  /** What our 2xx says of the session timer, and what it means. */
  readonly sessionTimer: { readonly headers: readonly HeaderField[]; readonly terms: SessionTimerTerms };
  readonly owner: LegOwner;
  /** The terminal that calls, where it is one of ours. */
  readonly terminalId?: string;
  /** Whether the caller's sound needs the relay, whoever is called. */
  readonly needsRelay?: boolean;
  /** Who hears why a call is refused, where words may help. */
  readonly hearer?: Hearer;
  /** Called once, when nothing of the caller's call is left: the channel it came in by is free. */
  readonly onOver?: () => void;
};

/**
 * A caller whose INVITE is open. Each early dialog of a phone that rings is one of the caller's as well, with a tag
 * of its own, as behind a forking proxy (RFC 3261 §12.1): so that early media, PRACK and UPDATE of each find the
 * phone they are meant for.
 */
export class InvitingCaller implements CallerSide {
  readonly #context: ExchangeContext;
  /** Until the INVITE has its final response, which for an answered call is the last time it is needed. */
  #open: InvitingCallerOptions | undefined;
  readonly #legs: Leg[] = [];
  #answered: Leg | undefined;
  /** Ends the announcement of the price, where there is one. */
  #stopAnnouncing: (() => void) | undefined;

  constructor(context: ExchangeContext, options: InvitingCallerOptions) {
    this.#context = context;
    this.#open = options;
  }

  provisional(callee: Leg | undefined, response: SipResponse): void {
    const open = this.#open;
    if (open === undefined) return;
    const { incoming } = open;
    const leg = callee === undefined ? undefined : this.#legFor(open, callee);
    const told = this.#relayed(open, response, leg);
    leg?.observe('local', told);
    incoming.respond(told);
  }

  /** In an early dialog of its own, as whoever rings has another one (ADR 0241). */
  announce(price: PriceOfCall, onSaid: () => void): void {
    const open = this.#open;
    if (open === undefined) return;
    const { hearer, incoming } = open;
    if (hearer === undefined || !hearsEarly(incoming.request)) {
      onSaid();
      return;
    }
    const { language } = hearer;
    const early = { speech: spokenPrice(price, language), language, tag: this.#context.endpoint.newTag() };
    this.#stopAnnouncing = speakEarly(this.#context, open, early, onSaid);
  }

  answer(callee: Leg, response: SipResponse, acknowledge: (parts?: RequestParts) => void): void {
    const open = this.#open;
    if (open === undefined) return;
    const { incoming, sessionTimer } = open;
    const leg = this.#legFor(open, callee);
    this.#open = undefined;
    this.#answered = leg;
    this.#stopAnnouncing?.();
    for (const other of this.#legs.splice(0)) if (other !== leg) other.close();
    leg.confirm();
    const told = this.#relayed(open, response, leg);
    const accepted = { ...told, headers: [...told.headers, ...sessionTimer.headers] };
    leg.accept(incoming, accepted, (ack) => acknowledge(ackParts(ack)));
    leg.time(sessionTimer.terms);
    if (open.onOver !== undefined) leg.whenClosed(open.onOver);
  }

  /** Where words help, they come first. */
  refuse(outcome: Outcome): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    this.#stopAnnouncing?.();
    for (const leg of this.#legs) leg.close();
    const tag = this.#legs[0]?.dialog.localTag ?? this.#context.endpoint.newTag();
    const { hearer, incoming } = open;
    const speech = hearer === undefined ? undefined : refusalSpeech(this.#context, outcome, hearer);
    if (hearer === undefined || speech === undefined || !hearsEarly(incoming.request)) {
      refuseInvite(open, outcome, tag);
      return;
    }
    const early = { speech, language: hearer.language, tag };
    const stop = speakEarly(this.#context, open, early, () => refuseInvite(open, outcome, tag));
    incoming.onCancel = () => {
      if (stop()) refuseInvite(open, GIVEN_UP, tag);
    };
  }

  /** Also before it has heard of the answer, where the callee hung up at once. */
  hangUp(outcome: Outcome): void {
    if (this.#open !== undefined) this.refuse({ ...outcome, sipStatus: 480 });
    else this.#answered?.bye(reasonOf(outcome));
  }

  #legFor(
    { dialog, incoming, owner, terminalId, needsRelay = false }: InvitingCallerOptions,
    callee: Leg,
  ): Leg {
    if (callee.peer !== undefined) return callee.peer;
    const own = { ...dialog, localTag: this.#context.endpoint.newTag() };
    const whose = terminalId === undefined ? {} : { terminalId };
    const leg = new Leg(this.#context, { dialog: own, flow: incoming.source, owner, needsRelay, ...whose });
    leg.observe('remote', incoming.request);
    leg.passage = callee.passage;
    leg.side = 'caller';
    leg.peer = callee;
    callee.peer = leg;
    this.#legs.push(leg);
    return leg;
  }

  #relayed(
    { incoming, dialog }: InvitingCallerOptions,
    response: SipResponse,
    leg: Leg | undefined,
  ): SipResponse {
    const told = responseTo(incoming.request, response.status, response.reason, leg?.dialog.localTag);
    const contact = { name: 'Contact', value: dialog.localContact };
    const headers = [...told.headers, contact, ...passedHeaders(response), ...capabilityHeaders(response)];
    return { ...told, headers, body: response.body };
  }
}

/** The caller hung up while it was told why. */
const GIVEN_UP: Outcome = { sipStatus: 487, q850Cause: 16 };

function refuseInvite({ incoming, onOver }: InvitingCallerOptions, outcome: Outcome, tag: string): void {
  // Another process of ours leaves nobody alone for a 503, and has it in its record.
  const status = outcome.received === 503 && claimsErrand(incoming.request) ? 503 : outcome.sipStatus;
  const refusal = responseTo(incoming.request, status, undefined, tag);
  const told = withHeader(refusal, 'Reason', reasonOf(outcome));
  // The one extension that passes to the phones is the one they may not know (RFC 3261 §8.2.2.3).
  incoming.respond(outcome.sipStatus === 420 ? withHeader(told, 'Unsupported', '100rel') : told);
  onOver?.();
}
