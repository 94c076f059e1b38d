import { bestRefusal, type Outcome, outcomeOfPhone } from '../../../domain/exchange/call/index.ts';
import { maxForwards, responseTo, type SipRequest } from '../../../protocols/sip/message/index.ts';
import type { Caller } from '../../../services/caller.ts';
import type { Connection, ErrandOffer } from '../../../services/connect-call.ts';
import type { Way } from '../../../services/ring.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import { callerIdentity } from './caller-identity.ts';
import type { ExchangeContext } from './context.ts';
import { dialledBy } from './dialled-uri.ts';
import { errandHeader } from './errands.ts';
import { type Connect, type ConnectErrand, calledAddress, whenConnected } from './offer.ts';
import { passedHeaders } from './passed-headers.ts';
import { flowsOf } from './reach.ts';
import { reasonOf } from './reason.ts';

/**
 * Delivers MESSAGE outside of calls (RFC 3428) to all phones of the number. The sender hears of the first phone
 * that took it, or the best refusal when none did; nothing is kept for phones that are away.
 */
export class PagerMessages {
  readonly #context: ExchangeContext;
  readonly #connect: Connect;
  readonly #connectErrand: ConnectErrand;

  constructor(context: ExchangeContext, connect: Connect, connectErrand: ConnectErrand) {
    this.#context = context;
    this.#connect = connect;
    this.#connectErrand = connectErrand;
  }

  /** A message that another process of ours has for a terminal here. */
  errand(incoming: IncomingRequest, errand: ErrandOffer): void {
    const target = dialledBy(incoming.request.uri, this.#context.servesHost);
    const user = target.ok ? target.value.user : '';
    whenConnected(this.#connectErrand(errand), (connection) => this.#deliverAll(incoming, connection, user));
  }

  message(incoming: IncomingRequest, caller: Caller): void {
    const target = dialledBy(incoming.request.uri, this.#context.servesHost);
    if (!target.ok) {
      this.#answer(incoming, target.problem.status);
      return;
    }
    const { dialled, user } = target.value;
    whenConnected(this.#connect({ caller, dialled, marks: [] }), (connection) =>
      this.#deliverAll(incoming, connection, user),
    );
  }

  /** Phones of ours only: other networks are called, and not written to. */
  #deliverAll(incoming: IncomingRequest, connection: Connection, dialledUser: string): void {
    const { route } = connection;
    const { request } = incoming;
    if (!route.ok) {
      this.#answer(incoming, route.outcome.sipStatus, reasonOf(route.outcome));
      return;
    }
    const ways = route.branches
      .flatMap(({ rings }) => rings)
      .flatMap(({ way }) => (way.kind === 'binding' || way.kind === 'process' ? [way] : []));
    if (ways.length === 0) {
      this.#answer(incoming, 480);
      return;
    }
    let waiting = ways.length;
    const refusals: Outcome[] = [];
    const settled = (status: number) => {
      if (waiting === 0) return;
      waiting -= 1;
      if (status < 300) {
        waiting = 0;
        this.#answer(incoming, status);
        return;
      }
      refusals.push(outcomeOfPhone(status));
      if (waiting === 0) this.#answer(incoming, bestRefusal(refusals).sipStatus);
    };
    for (const way of ways) this.#deliver(request, way, { dialledUser, connection }, settled);
  }

  #deliver(
    request: SipRequest,
    way: Way & { readonly kind: 'binding' | 'process' },
    { dialledUser, connection }: { readonly dialledUser: string; readonly connection: Connection },
    settled: (status: number) => void,
  ): void {
    const { endpoint, domain, signatures } = this.#context;
    const sender = callerIdentity(connection.callerUser, domain, undefined, request);
    const sipCallId = endpoint.newCallId();
    const [flow] = flowsOf(way);
    const errand =
      way.kind === 'process' && signatures !== undefined
        ? [errandHeader(signatures, sipCallId, way.errand, connection)]
        : [];
    const message: SipRequest = {
      kind: 'request',
      method: 'MESSAGE',
      uri: way.kind === 'binding' ? way.binding.contact : `sip:${dialledUser}@${domain}`,
      headers: [
        { name: 'Max-Forwards', value: String((maxForwards(request) ?? 70) - 1) },
        { name: 'From', value: `${sender.address};tag=${endpoint.newTag()}` },
        { name: 'To', value: calledAddress(dialledUser, domain) },
        { name: 'Call-ID', value: sipCallId },
        { name: 'CSeq', value: '1 MESSAGE' },
        ...errand,
        ...passedHeaders(request),
      ],
      body: request.body,
    };
    endpoint.send(message, flow, {
      onResponse: ({ status }) => {
        if (status >= 200) settled(status);
      },
      onTimeout: () => settled(480),
      onUnreachable: () => settled(480),
    });
  }

  #answer(incoming: IncomingRequest, status: number, reason?: string): void {
    const response = responseTo(incoming.request, status, undefined, this.#context.endpoint.newTag());
    const headers = reason === undefined ? [] : [{ name: 'Reason', value: reason }];
    incoming.respond({ ...response, headers: [...response.headers, ...headers] });
  }
}
