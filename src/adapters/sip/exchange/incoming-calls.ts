import { type Dialog, dialogOfUas } from '../../../protocols/sip/dialog/index.ts';
import {
  callId,
  type HeaderField,
  headerValue,
  maxForwards,
  parseAddress,
  responseTo,
  type SipRequest,
} from '../../../protocols/sip/message/index.ts';
import {
  answerSessionTimer,
  describesSession,
  type SessionTimerAnswer,
} from '../../../protocols/sip/session/index.ts';
import type { Caller, ErrandCaller } from '../../../services/caller.ts';
import type { Connection, ErrandOffer } from '../../../services/connect-call.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import { AccessCall } from './access-call.ts';
import { type CallKeeper, CarriedCall } from './carried-call.ts';
import type { ExchangeContext } from './context.ts';
import { type DialledUri, dialledBy } from './dialled-uri.ts';
import { marksIn } from './hop-marks.ts';
import { InvitingCaller } from './inviting-caller.ts';
import { isBehindNat } from './nat.ts';
import { type Connect, type ConnectErrand, whenConnected } from './offer.ts';
import { beginningOf, ringingsFor } from './ringing.ts';

const DEFAULT_MAX_FORWARDS = 70;

/** An INVITE that may begin a call. */
type Admitted = {
  readonly dialog: Dialog;
  readonly target: DialledUri;
  readonly sessionTimer: Extract<SessionTimerAnswer, { kind: 'agreed' }>;
};

type Connected = Admitted & { readonly connection: Connection; readonly onOver: () => void };

/** Takes the INVITEs that begin calls: finds whom they are for, and makes their phones ring (R12, R13). */
export class IncomingCalls {
  readonly #context: ExchangeContext;
  readonly #keeper: CallKeeper;
  readonly #connect: Connect;
  readonly #connectErrand: ConnectErrand;

  constructor(context: ExchangeContext, keeper: CallKeeper, connect: Connect, connectErrand: ConnectErrand) {
    this.#context = context;
    this.#keeper = keeper;
    this.#connect = connect;
    this.#connectErrand = connectErrand;
  }

  /** A call that another process of ours has decided about, and keeps the record of. */
  errand(incoming: IncomingRequest, errand: ErrandOffer): void {
    const admitted = this.#admit(incoming);
    if (admitted === undefined) return;
    const keeper: CallKeeper = {
      onKeep: (_call, onKept) => onKept(),
      onRefer: (call, leg, refer) => this.#keeper.onRefer(call, leg, refer),
    };
    beginWhenConnected(incoming, this.#connectErrand(errand), (connection) =>
      this.#begin(incoming, { kind: 'process' }, { ...admitted, connection, onOver: () => {} }, keeper),
    );
  }

  /** @param onOver called once, when nothing of the call is left at the caller's side */
  invite(incoming: IncomingRequest, caller: Caller, onOver: () => void): void {
    const admitted = this.#admit(incoming, caller);
    if (admitted === undefined) {
      onOver();
      return;
    }
    const { dialled, routingNumber } = admitted.target;
    const ported = routingNumber === undefined ? {} : { routingNumber };
    const offer = { caller, dialled, marks: marksIn(incoming.request), ...ported };
    beginWhenConnected(incoming, this.#connect(offer), (connection) => {
      if (connection.asksNumber && this.#context.voice !== undefined) {
        this.#ask(incoming, caller, { ...admitted, connection, onOver });
        return undefined;
      }
      return this.#begin(incoming, caller, { ...admitted, connection, onOver });
    });
  }

  /** A voice takes the call, and asks whom it is for (R18). */
  #ask(incoming: IncomingRequest, caller: Caller, { dialog, connection, onOver }: Connected): void {
    const { facts } = connection;
    this.#context.onDialog(callId(incoming.request), facts.id);
    const needsRelay = caller.kind === 'trunk' || isBehindNat(incoming.request, incoming.source.address);
    const options = { incoming, dialog, caller, connection, needsRelay, onOver };
    new AccessCall(this.#context, this.#keeper, this.#connect, options).begin();
  }

  /** What the INVITE has to say before it is anybody's call; where it is wrong, it is answered here. */
  #admit(incoming: IncomingRequest, caller?: Caller): Admitted | undefined {
    const { request } = incoming;
    const { endpoint } = this.#context;
    if (request.body.length > 0 && !describesSession(request)) {
      this.#refuse(incoming, 415, [{ name: 'Accept', value: 'application/sdp' }]);
      return undefined;
    }
    const dialog = dialogOfUas(request, '', endpoint.contact(incoming.source));
    const target = dialledBy(request.uri, hostsServedFor(this.#context, caller), caller?.kind === 'trunk');
    if (!dialog.ok || !target.ok) {
      this.#refuse(incoming, target.ok ? 400 : target.problem.status);
      return undefined;
    }
    const sessionTimer = answerSessionTimer(request, this.#context.sessionPolicy);
    if (sessionTimer.kind === 'too-small') {
      this.#refuse(incoming, 422, sessionTimer.headers);
      return undefined;
    }
    return { dialog: dialog.value, target: target.value, sessionTimer };
  }

  #begin(
    incoming: IncomingRequest,
    from: Caller | ErrandCaller,
    { dialog, target, sessionTimer, connection, onOver }: Connected,
    keeper = this.#keeper,
  ): CarriedCall {
    const { request } = incoming;
    this.#context.onDialog(callId(request), connection.facts.id);
    const [call, effects] = beginningOf(connection);
    const carried = new CarriedCall(this.#context, keeper, call);
    const needsRelay =
      from.kind === 'trunk' || (from.kind === 'terminal' && isBehindNat(request, incoming.source.address));
    const caller = new InvitingCaller(this.#context, {
      incoming,
      dialog,
      sessionTimer,
      owner: carried,
      ...(from.kind === 'terminal' ? { terminalId: from.terminalId } : {}),
      needsRelay,
      ...(from.kind === 'process'
        ? {}
        : { hearer: { listener: listenerOf(from), language: connection.language } }),
      onOver,
    });
    incoming.onCancel = () => carried.happened({ kind: 'caller-gave-up' });
    const displayName = displayNameOf(request);
    const options = {
      connection,
      caller: from.kind === 'terminal' ? { address: incoming.source.address, needsRelay } : { needsRelay },
      dialledUser: target.user,
      maxForwards: (maxForwards(request) ?? DEFAULT_MAX_FORWARDS) - 1,
      like: request,
      ...(displayName === undefined ? {} : { displayName }),
    };
    carried.begin(caller, ringingsFor(this.#context, options, carried), effects);
    return carried;
  }

  #refuse(incoming: IncomingRequest, status: number, headers: readonly HeaderField[] = []): void {
    const response = responseTo(incoming.request, status, undefined, this.#context.endpoint.newTag());
    incoming.respond({ ...response, headers: [...response.headers, ...headers] });
  }
}

/** A caller may give up while what was dialled is looked up: its call then ends as it begins. */
function beginWhenConnected(
  incoming: IncomingRequest,
  connecting: Connection | Promise<Connection>,
  begin: (connection: Connection) => CarriedCall | undefined,
): void {
  let isCancelled = false;
  incoming.onCancel = () => {
    isCancelled = true;
  };
  whenConnected(connecting, (connection) => {
    const carried = begin(connection);
    if (isCancelled) carried?.happened({ kind: 'caller-gave-up' });
  });
}

/** Words are for who would not see a refusal. A process that asked speaks to its caller itself. */
function listenerOf({ kind }: Caller): 'trunk' | 'phone' {
  return kind === 'trunk' ? 'trunk' : 'phone';
}

function displayNameOf(request: SipRequest): string | undefined {
  const from = parseAddress(headerValue(request, 'From') ?? '');
  return from.ok ? from.value.displayName : undefined;
}

/** A proxy that passes a call on to us may leave its own host in it: what is dialled there is meant for us. */
function hostsServedFor(
  { servesHost }: ExchangeContext,
  caller: Caller | undefined,
): (host: string) => boolean {
  if (caller?.kind !== 'trunk') return servesHost;
  const { gateways } = caller.trunk;
  return (host) => servesHost(host) || gateways.some((gateway) => gateway.host.toLowerCase() === host);
}
