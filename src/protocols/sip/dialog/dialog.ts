import {
  callId,
  cseq,
  fromTag,
  headerValue,
  headerValues,
  lasting,
  malformed,
  type Parsed,
  parseAddress,
  parseAddressList,
  parsed,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  toTag,
} from '../message/index.ts';

const TAG = /;\s*tag\s*=[^;]*/i;

/** A dialog (RFC 3261 §12): what two user agents remember of each other between INVITE and BYE. */
export type Dialog = {
  readonly role: 'uac' | 'uas';
  readonly state: 'early' | 'confirmed';
  readonly callId: string;
  readonly localTag: string;
  /** Empty where the other side is of RFC 2543 and gave none. */
  readonly remoteTag: string;
  /** The full From or To value of our side, without its tag. */
  readonly localUri: string;
  readonly remoteUri: string;
  /** The number of our last request; 0 before the first. */
  readonly localCseq: number;
  /** The number of the other side's last request; undefined before the first. */
  readonly remoteCseq?: number;
  /** Our Contact value, as the other side knows it. */
  readonly localContact: string;
  /** The URI of the other side's Contact: where requests are sent. */
  readonly remoteTarget: string;
  /** Route values, the next hop first. */
  readonly routeSet: readonly string[];
  /** Whether it was opened with a SIPS URI. */
  readonly secure: boolean;
};

/**
 * The dialog a UAS opens with its answer (RFC 3261 §12.1.1).
 * @param answer our response, which gives tag and state; or our tag alone, for an early dialog
 * @param localContact our Contact value
 * @returns a problem with status 400 where the request names no Contact or a malformed one
 */
export function dialogOfUas(
  request: SipRequest,
  answer: SipResponse | string,
  localContact: string,
): Parsed<Dialog> {
  const remoteTarget = targetOf(request);
  if (!remoteTarget.ok) return remoteTarget;
  return parsed({
    role: 'uas',
    state: typeof answer === 'string' ? 'early' : stateOf(answer),
    callId: lasting(callId(request)),
    localTag: typeof answer === 'string' ? answer : lasting(toTag(answer) ?? ''),
    remoteTag: lasting(fromTag(request) ?? ''),
    localUri: partyOf(request, 'To'),
    remoteUri: partyOf(request, 'From'),
    localCseq: 0,
    remoteCseq: cseq(request).number,
    localContact,
    remoteTarget: remoteTarget.value,
    routeSet: routesOf(request),
    secure: /^sips:/i.test(request.uri),
  });
}

/**
 * The dialog a response opens for the UAC (RFC 3261 §12.1.2). One INVITE may open several, one for each To tag.
 * Where the response breaks the rule and names no Contact, the Request-URI stands in, so that ACK and BYE have
 * a place to go to.
 * @returns a problem where the Contact is malformed
 */
export function dialogOfUac(request: SipRequest, response: SipResponse): Parsed<Dialog> {
  const namesContact = headerValue(response, 'Contact') !== undefined;
  const remoteTarget = namesContact ? targetOf(response) : parsed(lasting(request.uri));
  if (!remoteTarget.ok) return remoteTarget;
  return parsed({
    role: 'uac',
    state: stateOf(response),
    callId: lasting(callId(request)),
    localTag: lasting(fromTag(request) ?? ''),
    remoteTag: lasting(toTag(response) ?? ''),
    localUri: partyOf(request, 'From'),
    remoteUri: partyOf(request, 'To'),
    localCseq: cseq(request).number,
    localContact: lasting(headerValue(request, 'Contact') ?? ''),
    remoteTarget: remoteTarget.value,
    routeSet: routesOf(response).reverse(),
    secure: /^sips:/i.test(request.uri),
  });
}

/**
 * The early dialog after the final 2xx. For the UAC the 2xx decides target and route set anew, since a
 * provisional response need not have carried them (RFC 3261 §13.2.2.4); what was counted meanwhile stays.
 * @param response the 2xx; the UAS, which sent it, needs none
 */
export function confirmDialog(dialog: Dialog, response?: SipResponse): Dialog {
  const confirmed: Dialog = { ...dialog, state: 'confirmed' };
  if (response === undefined || dialog.state === 'confirmed') return confirmed;
  const remoteTarget = targetOf(response);
  return {
    ...confirmed,
    remoteTarget: remoteTarget.ok ? remoteTarget.value : dialog.remoteTarget,
    routeSet: routesOf(response).reverse(),
  };
}

/**
 * The dialog after a target refresh request or its 2xx moved the other side (RFC 3261 §12.2). The route set
 * never changes.
 * @param contact the Contact value of that message; absent or malformed, the target stays
 */
export function refreshTarget(dialog: Dialog, contact: string | undefined): Dialog {
  if (contact === undefined) return dialog;
  const address = parseAddress(contact);
  if (!address.ok || address.value.uri === dialog.remoteTarget) return dialog;
  return { ...dialog, remoteTarget: lasting(address.value.uri) };
}

function stateOf(response: SipResponse): Dialog['state'] {
  return response.status < 200 ? 'early' : 'confirmed';
}

function targetOf(message: SipMessage): Parsed<string> {
  const value = headerValue(message, 'Contact');
  if (value === undefined) return malformed('The message that opens the dialog names no Contact.');
  const contacts = parseAddressList(value);
  if (!contacts.ok) return contacts;
  const uri = contacts.value[0]?.uri ?? '';
  return /^sips?:/i.test(uri) ? parsed(lasting(uri)) : malformed('The Contact is no SIP or SIPS URI.');
}

function routesOf(message: SipMessage): string[] {
  return headerValues(message, 'Record-Route').map(lasting);
}

/** The From or To value as it was written, but for the tag: an RFC 2543 peer compares it whole. */
function partyOf(message: SipMessage, header: 'From' | 'To'): string {
  const value = headerValue(message, header) ?? '';
  const afterAddress = value.lastIndexOf('>') + 1;
  return lasting(value.slice(0, afterAddress) + value.slice(afterAddress).replace(TAG, ''));
}
