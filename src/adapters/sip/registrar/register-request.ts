import type { BindingCommand, ContactWish } from '../../../domain/terminals/index.ts';
import {
  type Address,
  callId,
  cseq,
  headerValue,
  lasting,
  malformed,
  type Parsed,
  parseAddressList,
  parsed,
  parseUri,
  type SipRequest,
  sameUri,
} from '../../../protocols/sip/message/index.ts';
import type { Flow } from '../network/index.ts';

/** What a malformed Expires is taken for (RFC 3261 §10.2.1.1). */
const MALFORMED_EXPIRES_S = 3600;

const LARGEST_EXPIRES_S = 2 ** 32 - 1;

/** More than any phone sends, and few enough to compare each with each. */
const MOST_CONTACTS = 32;

/** What is remembered of a phone for hours is bounded. */
const LONGEST_CONTACT = 512;
const LONGEST_CALL_ID = 256;
const LONGEST_INSTANCE = 256;

const QVALUE = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** Reads what a REGISTER asks of the bindings of its terminal (RFC 3261 §10.2). */
export function bindingCommandOf(request: SipRequest, flow: Flow): Parsed<BindingCommand> {
  const id = callId(request);
  if (id.length > LONGEST_CALL_ID) return malformed('The Call-ID is too long.');
  const expires = headerValue(request, 'Expires');
  const expiresS = expires === undefined ? undefined : secondsOf(expires);
  const contacts = contactsOf(request, expiresS);
  if (!contacts.ok) return contacts;
  return parsed({
    callId: lasting(id),
    cseq: cseq(request).number,
    flow,
    contacts: contacts.value,
    removes: expiresS === 0,
  });
}

/** Whether two contacts are the same URI (RFC 3261 §19.1.4); both were read before they were bound. */
export function sameContact(one: string, other: string): boolean {
  if (one === other) return true;
  const [oneUri, otherUri] = [parseUri(one), parseUri(other)];
  return oneUri.ok && otherUri.ok && sameUri(oneUri.value, otherUri.value);
}

function contactsOf(request: SipRequest, expiresS: number | undefined): Parsed<BindingCommand['contacts']> {
  const fields = request.headers.filter(({ name }) => name === 'Contact');
  if (fields.some(({ value }) => value === '*')) {
    return fields.length === 1 ? parsed('all') : malformed('The contact * stands beside others.');
  }
  const wishes: ContactWish[] = [];
  for (const { value } of fields) {
    const addresses = parseAddressList(value);
    if (!addresses.ok) return addresses;
    for (const address of addresses.value) {
      const wish = wishOf(address, expiresS);
      if (!wish.ok) return wish;
      wishes.push(wish.value);
    }
  }
  return wishes.length > MOST_CONTACTS ? malformed('The request has too many contacts.') : parsed(wishes);
}

function wishOf({ uri, params }: Address, headerExpiresS: number | undefined): Parsed<ContactWish> {
  const contact = parseUri(uri);
  if (!contact.ok) return malformed(`Contact: ${contact.problem.detail}`);
  // RFC 3261 §19.1.1: it becomes a Request-URI, and that has no headers.
  if (contact.value.headers.size > 0) return malformed('The URI of a contact has headers.');
  if (uri.length > LONGEST_CONTACT) return malformed('A contact is too long.');
  const q = params.get('q') ?? '1';
  if (!QVALUE.test(q)) return malformed('The q of a contact is no number between 0 and 1.');
  const own = params.get('expires');
  const expiresS = own === undefined ? headerExpiresS : secondsOf(own);
  const instance = instanceOf(params);
  if (!instance.ok) return instance;
  return parsed({
    contact: lasting(uri),
    priority: Math.round(Number(q) * 1000),
    ...(expiresS === undefined ? {} : { expiresS }),
    ...instance.value,
  });
}

/** Which device it is; one that registers over several flows tells them apart by reg-id (RFC 5626 §4.2). */
function instanceOf(params: Address['params']): Parsed<{ readonly instance?: string }> {
  const id = params.get('+sip.instance');
  if (id === undefined || id === '') return parsed({});
  const flowId = params.get('reg-id');
  const instance = flowId === undefined ? id : `${id};reg-id=${flowId}`;
  if (instance.length > LONGEST_INSTANCE) return malformed('The instance of a contact is too long.');
  return parsed({ instance: lasting(instance) });
}

function secondsOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Math.min(Number(text), LARGEST_EXPIRES_S) : MALFORMED_EXPIRES_S;
}
