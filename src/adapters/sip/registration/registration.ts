/*
 * A registration of ours, of a phone or with a carrier: RFC 3261 §10.2.
 *
 *            register              2xx: refresh after four fifths of the time granted
 *   +-----+ ---------> +----------+ -----------------> +------------+
 *   | off |            |  asking  |                    | registered |
 *   +-----+ <--------- +----------+ <----------------- +------------+
 *      ^    refused:     |      ^        refresh
 *      |    password,    |      | retry       |
 *      |    403, 404 …   v      |             | unregister: Expires 0
 *      |               +----------+           v
 *      |               |   lost   |       +---------+
 *      |               +----------+       | leaving |
 *      |     a refresh had no answer      +---------+
 *      +--------------------------------------+  answered, or not at all
 *
 * 401 and 407 are answered once with credentials, 423 with the time it names; both stay in the state.
 */
import {
  cseq,
  type HeaderField,
  headerValue,
  headerValues,
  parseAddress,
  type SipRequest,
  type SipResponse,
} from '../../../protocols/sip/message/index.ts';
import { hasCredentials, isChallenge } from '../digest-client.ts';

/** What is registered, and where. */
export type RegistrationSetting = {
  /** The Request-URI: the domain of the registrar, `sip:acme.example`. */
  readonly registrar: string;
  /** The To value: whom calls are for. */
  readonly aor: string;
  readonly tag: string;
  readonly callId: string;
  /** Our Contact value: where calls go. */
  readonly contact: string;
  readonly userAgent: string;
};

export type Registration = {
  readonly state: 'off' | 'asking' | 'registered' | 'lost' | 'leaving';
  readonly setting: RegistrationSetting;
  /** How long we ask for. */
  readonly expiresSeconds: number;
  /** The number of the last REGISTER. */
  readonly number: number;
  /** Whether it has been registered since `register`: then what fails is tried again. */
  readonly wasRegistered: boolean;
  readonly failures: number;
};

export type RegistrationInput =
  | { readonly kind: 'register' | 'unregister' }
  | {
      readonly kind: 'response';
      readonly request: SipRequest;
      readonly response: SipResponse;
      /** Answers the challenge of a 401 or 407, where that is possible. */
      readonly credentials?: HeaderField;
      /** The challenge refuses the nonce, not the password (RFC 7616 §3.3). */
      readonly isStale?: boolean;
    }
  | { readonly kind: 'no-response'; readonly status: 408 | 503 }
  | { readonly kind: 'timer' }
  /** The connection to the registrar is gone, and with it the way back to us. */
  | { readonly kind: 'connection-closed' };

export type RegistrationEffect =
  | { readonly kind: 'send'; readonly request: SipRequest }
  /** The one timer there is; starting it anew replaces it. */
  | { readonly kind: 'start-timer'; readonly afterMs: number }
  | { readonly kind: 'stop-timer' }
  | { readonly kind: 'tell'; readonly event: RegistrationEvent };

export type RegistrationEvent =
  | { readonly kind: 'registered'; readonly expiresSeconds: number }
  /** It is not tried again. */
  | { readonly kind: 'registration-refused'; readonly status: number; readonly isWrongPassword: boolean }
  /** It was registered, and is tried again. */
  | { readonly kind: 'registration-lost'; readonly status: number }
  | { readonly kind: 'unregistered' };

type Step = [Registration, RegistrationEffect[]];

const SHORTEST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;
const LONGEST_EXPIRES_SECONDS = 7_200;

export function newRegistration(setting: RegistrationSetting, expiresSeconds: number): Registration {
  return { state: 'off', setting, expiresSeconds, number: 0, wasRegistered: false, failures: 0 };
}

/** The next state and what is to be done. */
export function stepRegistration(registration: Registration, input: RegistrationInput): Step {
  const { state } = registration;
  switch (input.kind) {
    case 'register':
      if (state !== 'off') return [registration, []];
      return ask({ ...registration, state: 'asking', wasRegistered: false, failures: 0 });
    case 'unregister':
      if (state === 'off' || state === 'leaving') return [registration, []];
      return after([{ kind: 'stop-timer' }], ask({ ...registration, state: 'leaving' }));
    case 'timer':
      return state === 'registered' || state === 'lost'
        ? ask({ ...registration, state: 'asking' })
        : [registration, []];
    case 'connection-closed':
      if (state !== 'registered') return [registration, []];
      return after([{ kind: 'stop-timer' }], ask({ ...registration, state: 'asking' }));
    case 'no-response':
      return state === 'leaving' ? left(registration) : fail(registration, input.status);
    case 'response':
      return receive(registration, input);
  }
}

function receive(registration: Registration, input: Extract<RegistrationInput, { kind: 'response' }>): Step {
  const { request, response, credentials, isStale = false } = input;
  const { status } = response;
  const isLate = cseq(request).number !== registration.number;
  if (status < 200 || isLate || (registration.state !== 'asking' && registration.state !== 'leaving'))
    return [registration, []];
  const isFresh = !hasCredentials(request) || (isStale && registration.failures === 0);
  if (isChallenge(response) && credentials !== undefined && isFresh) {
    const failures = registration.failures + (hasCredentials(request) ? 1 : 0);
    return ask({ ...registration, failures }, [credentials]);
  }
  if (registration.state === 'leaving') return left(registration);
  if (status < 300) return succeed(registration, response);
  const least = Number(headerValue(response, 'Min-Expires') ?? 0);
  const mayAskLonger = least > registration.expiresSeconds && least <= LONGEST_EXPIRES_SECONDS;
  if (status === 423 && mayAskLonger) return ask({ ...registration, expiresSeconds: least });
  return fail(registration, status, isChallenge(response));
}

function succeed(registration: Registration, response: SipResponse): Step {
  const expiresSeconds = grantedSeconds(registration, response);
  return [
    { ...registration, state: 'registered', wasRegistered: true, failures: 0 },
    [
      { kind: 'start-timer', afterMs: Math.max(1_000, expiresSeconds * 800) },
      { kind: 'tell', event: { kind: 'registered', expiresSeconds } },
    ],
  ];
}

/** What the registrar granted our Contact, or all Contacts (RFC 3261 §10.2.4). */
function grantedSeconds({ setting, expiresSeconds }: Registration, response: SipResponse): number {
  const own = parseAddress(setting.contact);
  const bindings = headerValues(response, 'Contact').flatMap((value) => {
    const address = parseAddress(value);
    return address.ok ? [address.value] : [];
  });
  const binding = bindings.find((each) => own.ok && each.uri === own.value.uri) ?? bindings[0];
  const granted = Number(
    binding?.params.get('expires') ?? headerValue(response, 'Expires') ?? expiresSeconds,
  );
  return granted > 0 && granted <= LONGEST_EXPIRES_SECONDS ? granted : expiresSeconds;
}

/** The first attempt says at once what is wrong; one that had been registered goes on trying, but not with a wrong password. */
function fail(registration: Registration, status: number, isWrongPassword = false): Step {
  if (!registration.wasRegistered || isWrongPassword) {
    return [
      { ...registration, state: 'off' },
      [
        { kind: 'stop-timer' },
        { kind: 'tell', event: { kind: 'registration-refused', status, isWrongPassword } },
      ],
    ];
  }
  const afterMs = Math.min(LONGEST_RETRY_MS, SHORTEST_RETRY_MS * 2 ** registration.failures);
  const tells: RegistrationEffect[] =
    registration.failures === 0 ? [{ kind: 'tell', event: { kind: 'registration-lost', status } }] : [];
  return [
    { ...registration, state: 'lost', failures: registration.failures + 1 },
    [{ kind: 'start-timer', afterMs }, ...tells],
  ];
}

function left(registration: Registration): Step {
  return [{ ...registration, state: 'off' }, [{ kind: 'tell', event: { kind: 'unregistered' } }]];
}

function ask(registration: Registration, credentials: readonly HeaderField[] = []): Step {
  const { registrar, aor, tag, callId, contact, userAgent } = registration.setting;
  const number = registration.number + 1;
  const expires = registration.state === 'leaving' ? 0 : registration.expiresSeconds;
  const request: SipRequest = {
    kind: 'request',
    method: 'REGISTER',
    uri: registrar,
    headers: [
      { name: 'Max-Forwards', value: '70' },
      { name: 'From', value: `${aor};tag=${tag}` },
      { name: 'To', value: aor },
      { name: 'Call-ID', value: callId },
      { name: 'CSeq', value: `${number} REGISTER` },
      { name: 'Contact', value: contact },
      { name: 'Expires', value: String(expires) },
      { name: 'User-Agent', value: userAgent },
      ...credentials,
    ],
    body: new Uint8Array(0),
  };
  return [{ ...registration, number }, [{ kind: 'send', request }]];
}

function after(effects: readonly RegistrationEffect[], [registration, more]: Step): Step {
  return [registration, [...effects, ...more]];
}
