import type { RequestParts } from '../../../protocols/sip/dialog/index.ts';
import {
  type HeaderField,
  headerValue,
  headerValues,
  type SipMessage,
  type SipRequest,
} from '../../../protocols/sip/message/index.ts';

/**
 * What passes from one leg to the other because it belongs to the people or their phones. Everything else in a
 * message belongs to its own leg (Via, routes, dialog, credentials) or to nobody we know, and stays behind.
 */
const PASSED: ReadonlySet<string> = new Set([
  'Accept',
  'Accept-Language',
  'Alert-Info',
  'Call-Info',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Type',
  'Info-Package',
  'MIME-Version',
  'Priority',
  'RSeq',
  'Reason',
  'Recv-Info',
  'Subject',
  'Warning',
]);

/** Extensions that end at the exchange, whatever the phones say of them. */
const OWN_OPTIONS = ['replaces', 'timer'];

/** What may be demanded besides: RFC 4488 has it in Require only. */
const ALSO_SERVED: ReadonlySet<string> = new Set(['norefersub']);

/** Extensions that need both phones, and so pass only where the other end names them. */
const PASSED_OPTIONS: ReadonlySet<string> = new Set(['100rel']);

/** Methods that end at the exchange or are relayed whatever the other phone can do with them. */
const OWN_METHODS = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, MESSAGE, NOTIFY, REFER';

/** Methods that pass to the other phone, and so are allowed only where it allows them. */
const PASSED_METHODS = ['PRACK', 'UPDATE'];

/** The headers that go with the body and the meaning of a message to the other leg. */
export function passedHeaders(message: SipMessage): HeaderField[] {
  return message.headers.filter(({ name }) => PASSED.has(name));
}

/** What of one phone's ACK goes to the other: an answer, where the 2xx made the offer. */
export function ackParts(ack: SipRequest | undefined): RequestParts {
  return ack === undefined ? {} : { headers: passedHeaders(ack), body: ack.body };
}

/** Allow and Supported as the other leg is to see them, and Require for what both phones have to do. */
export function capabilityHeaders(message: SipMessage): HeaderField[] {
  const passed = passedOptions(message, 'Supported');
  const required = passedOptions(message, 'Require');
  const headers = [
    {
      name: 'Allow',
      value: [OWN_METHODS, ...PASSED_METHODS.filter((name) => allows(message, name))].join(', '),
    },
    { name: 'Supported', value: [...passed, ...OWN_OPTIONS].join(', ') },
  ];
  return required.length === 0 ? headers : [...headers, { name: 'Require', value: required.join(', ') }];
}

/** Whether the sender of the message says that it takes requests of this method. */
export function allows(message: SipMessage, method: string): boolean {
  return headerValues(message, 'Allow').includes(method);
}

/** What the request demands that nobody here can do: the Unsupported of a 420 (RFC 3261 §8.2.2.3). */
export function unsupportedOptions(request: SipMessage): string[] {
  if (headerValue(request, 'Require') === undefined) return [];
  return headerValues(request, 'Require').filter((option) => {
    const name = option.toLowerCase();
    return !OWN_OPTIONS.includes(name) && !PASSED_OPTIONS.has(name) && !ALSO_SERVED.has(name);
  });
}

function passedOptions(message: SipMessage, header: 'Supported' | 'Require'): string[] {
  if (headerValue(message, header) === undefined) return [];
  return headerValues(message, header)
    .map((option) => option.toLowerCase())
    .filter((option) => PASSED_OPTIONS.has(option));
}
