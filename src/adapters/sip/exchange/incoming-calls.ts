import { refuseCall, startCall } from '../../../domain/exchange/call/index.ts';
import { dialogOfUas } from '../../../protocols/sip/dialog/index.ts';
import {
  callId,
  type HeaderField,
  headerValue,
  maxForwards,
  parseAddress,
  responseTo,
  type SipRequest,
} from '../../../protocols/sip/message/index.ts';
import { answerSessionTimer, describesSession } from '../../../protocols/sip/session/index.ts';
import type { IncomingRequest } from '../endpoint/index.ts';
import { type CallKeeper, CarriedCall } from './carried-call.ts';
import type { ExchangeContext } from './context.ts';
import { dialledBy } from './dialled-uri.ts';
import { InvitingCaller } from './inviting-caller.ts';
import { type Connect, offerTo } from './offer.ts';
import { RingingPhone } from './ringing-phone.ts';

const DEFAULT_MAX_FORWARDS = 70;

/** Takes the INVITEs that begin calls: finds whom they are for, and makes their phones ring (R12, R13). */
export class IncomingCalls {
  readonly #context: ExchangeContext;
  readonly #keeper: CallKeeper;
  readonly #connect: Connect;

  constructor(context: ExchangeContext, keeper: CallKeeper, connect: Connect) {
    this.#context = context;
    this.#keeper = keeper;
    this.#connect = connect;
  }

  /** @param callerTerminalId the terminal that proved to have sent it */
  invite(incoming: IncomingRequest, callerTerminalId: string): void {
    const { request } = incoming;
    const { endpoint } = this.#context;
    if (request.body.length > 0 && !describesSession(request)) {
      this.#refuse(incoming, 415, [{ name: 'Accept', value: 'application/sdp' }]);
      return;
    }
    const dialog = dialogOfUas(request, '', endpoint.contact(incoming.source));
    const target = dialledBy(request.uri, this.#context.servesHost);
    if (!dialog.ok || !target.ok) {
      this.#refuse(incoming, target.ok ? 400 : target.problem.status);
      return;
    }
    const sessionTimer = answerSessionTimer(request, this.#context.sessionPolicy);
    if (sessionTimer.kind === 'too-small') {
      this.#refuse(incoming, 422, sessionTimer.headers);
      return;
    }
    const { dialled, user } = target.value;
    const connection = this.#connect({ callerTerminalId, dialled });
    const { facts, route } = connection;
    this.#context.onDialog(callId(request), facts.id);
    const rings = route.ok ? route.rings : [];
    const [call, effects] = route.ok
      ? startCall(
          facts,
          rings.map(({ attempt }) => attempt),
        )
      : refuseCall(facts, route.outcome);
    const carried = new CarriedCall(this.#context, this.#keeper, call);
    const caller = new InvitingCaller(this.#context, {
      incoming,
      dialog: dialog.value,
      sessionTimer,
      owner: carried,
      terminalId: callerTerminalId,
    });
    incoming.onCancel = () => carried.happened({ kind: 'caller-gave-up' });
    const displayName = displayNameOf(request);
    const options = {
      connection,
      dialledUser: user,
      maxForwards: (maxForwards(request) ?? DEFAULT_MAX_FORWARDS) - 1,
      like: request,
      ...(displayName === undefined ? {} : { displayName }),
    };
    const phones = rings.map(
      (ring) => new RingingPhone(this.#context, offerTo(this.#context, ring, options), carried),
    );
    carried.begin(caller, phones, effects);
  }

  #refuse(incoming: IncomingRequest, status: number, headers: readonly HeaderField[] = []): void {
    const response = responseTo(incoming.request, status, undefined, this.#context.endpoint.newTag());
    incoming.respond({ ...response, headers: [...response.headers, ...headers] });
  }
}

function displayNameOf(request: SipRequest): string | undefined {
  const from = parseAddress(headerValue(request, 'From') ?? '');
  return from.ok ? from.value.displayName : undefined;
}
