import {
  type Address,
  addressOfUri,
  readDomain,
  readMailbox,
  readSipUri,
  unescapePercent,
} from './address.ts';
import {
  COUNTRY_CODES,
  type Country,
  type CountryCode,
  callingCodeOf,
  mainCountryOf,
} from './country-code.ts';
import { bareCharacters, isDigits, MAX_DIGITS } from './dial-characters.ts';
import type { DialContext, Dialled, HeldAs, Reading, ReadingStep } from './dialled.ts';
import { e164Of, isE164Begun } from './e164.ts';
import { emergencyNumbersOf, isEmergencyNumber } from './emergency-numbers.ts';
import {
  formatEnterpriseNumber,
  readEnterpriseNumber,
  registeredEnterpriseNumber,
} from './enterprise-number.ts';
import { convertForOperator } from './operator-plan.ts';
import { registeredPersonalNumber } from './personal-number.ts';
import { readAsTelephoneNumber, readByPlans, type Trail } from './read-plans.ts';

/** More characters than the longest e-mail address with escapes are not read. */
const MAX_CHARACTERS = 1024;

const SCHEME = /^(sips?|tel|mailto|urn):/i;

/**
 * Reads what somebody dialled, whatever it is (R12): the whole string at once, in the order that
 * `docs/numbering.md` gives. It never fails: what is nothing comes back as `unknown` with a sentence. The steps that
 * led there are had from {@link explainDialled}; a call does not pay for them.
 */
export function readDialled(raw: string, context: DialContext): Dialled {
  return { ...read(raw, context, undefined), raw, context };
}

/**
 * Every decision that led to a reading, in order. The reading is done again, against the registry as it is now,
 * so ask at once.
 */
export function explainDialled({ raw, context }: Dialled): readonly ReadingStep[] {
  const trail: ReadingStep[] = [];
  read(raw, context, trail);
  return trail;
}

function read(raw: string, context: DialContext, trail: Trail): Reading {
  if (isDigits(raw)) return readNumber(raw, context, trail);
  if (raw.length > MAX_CHARACTERS) return unknown('It is too long.');
  const text = raw.trim();
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'sip':
    case 'sips':
      return readUri(text, context, trail);
    case 'tel':
      return readTelephoneUri(text.slice('tel:'.length), context, trail);
    case 'mailto':
      return addressOr(unescapePercent(text.slice('mailto:'.length)), 'member', trail);
    case 'urn':
      return readServiceUrn(text.toLowerCase(), context, trail);
    default:
      return readText(text, context, trail);
  }
}

/** A string without a scheme: a number, an address or a domain. */
function readText(text: string, context: DialContext, trail: Trail): Reading {
  const plain = unescapePercent(text);
  if (plain === undefined) return unknown('It has a percent sign that is no escape.');
  const bare = bareCharacters(plain);
  if (bare !== undefined) {
    trail?.push({ code: 'characters', fits: true, sentence: `Without its separators it is ${bare}.` });
    return readNumber(bare, context, trail);
  }
  trail?.push({ code: 'characters', fits: false, sentence: 'It has characters that no number has.' });
  if (plain.includes('@')) return addressOr(plain, 'member-or-uri', trail);
  trail?.push({ code: 'address', fits: false, sentence: 'It has no @.' });
  const domain = readDomain(plain);
  if (domain === undefined) return unknown('It is neither a number nor an address nor a domain name.');
  trail?.push({ code: 'domain', fits: true, sentence: `It is the domain name ${domain}.` });
  return { kind: 'domain', domain };
}

function addressOr(text: string | undefined, meaning: 'member-or-uri' | 'member', trail: Trail): Reading {
  const address = text === undefined ? undefined : readMailbox(text, meaning);
  if (address === undefined) return unknown('It has an @ but is no e-mail address.');
  return noted(address, trail);
}

/** `sip:` typed by the user means just that URI, unless it is a number at the service itself. */
function readUri(text: string, context: DialContext, trail: Trail): Reading {
  const uri = readSipUri(text);
  if (uri === undefined) return unknown('It begins as a SIP URI but is none (RFC 3261 §19.1.1).');
  // A telephone-subscriber in the user part may carry parameters of its own (RFC 3261 §19.1.6).
  const bare = uri.host === context.ownDomain ? bareCharacters(uri.user.split(';', 1)[0] ?? '') : undefined;
  if (bare === undefined || bare === '') return noted(addressOfUri(uri), trail);
  trail?.push({ code: 'characters', fits: true, sentence: `It is ${bare} at our own domain.` });
  return readNumber(bare, context, trail);
}

function noted(address: Address, trail: Trail): Reading {
  if (address.kind === 'email') {
    trail?.push({ code: 'address', fits: true, sentence: `It is the address ${address.address}.` });
  } else {
    trail?.push({ code: 'domain', fits: true, sentence: `It is the domain name ${address.domain}.` });
  }
  return address;
}

/**
 * `tel:+82…` and `tel:0262006200;phone-context=+82` (RFC 3966 §5.1.4, §5.1.5). The context says in whose country a local
 * number is meant; where there is none, the caller's is. Other parameters (`ext`, `isub`) are not used.
 */
function readTelephoneUri(text: string, context: DialContext, trail: Trail): Reading {
  const [subscriber = '', ...parameters] = text.split(';');
  const bare = bareCharacters(unescapePercent(subscriber) ?? '%');
  if (bare === undefined) return unknown('It begins as a tel URI but has no number (RFC 3966 §3).');
  trail?.push({
    code: 'characters',
    fits: true,
    sentence: `It is the telephone number ${bare} of a tel URI.`,
  });
  const meant = parameters.find((parameter) => /^phone-context=\+/i.test(parameter));
  const from =
    meant === undefined ? undefined : codeBefore(bareCharacters(meant.slice(meant.indexOf('+'))) ?? '');
  const inContext = from === undefined ? context : { ...context, from };
  return readOutright(bare, inContext, trail) ?? readAsTelephoneNumber(bare, inContext, trail);
}

/** The country code with which an international number, or the beginning of one, begins. */
function codeBefore(bare: string): CountryCode | undefined {
  return COUNTRY_CODES.find((code) => bare.startsWith(`+${callingCodeOf(code)}`));
}

/** `urn:service:sos` and what is under it (RFC 5031 §4.2): help, by whatever number it has here. */
function readServiceUrn(urn: string, context: DialContext, trail: Trail): Reading {
  if (!/^urn:service:sos(?:\.[a-z0-9.-]+)?$/.test(urn)) return unknown('No such URN is dialled.');
  const country = presentCountryOf(context);
  const [number = '112'] = emergencyNumbersOf(country);
  trail?.push({
    code: 'emergency',
    fits: true,
    sentence: `It is the emergency service of ${country}: ${number}.`,
  });
  return { kind: 'emergency', number, country };
}

/** Steps 1 and 4 to 9, for bare characters: digits, a `+` in front, `#`. */
function readNumber(bare: string, context: DialContext, trail: Trail): Reading {
  const outright = readOutright(bare, context, trail);
  if (outright !== undefined) return outright;
  const held = heldHere(bare, context);
  trail?.push({ code: 'registry', fits: held !== undefined, sentence: HELD_WORDS[held ?? 'nobody'] });
  return held === undefined
    ? readByPlans(bare, context, trail)
    : { kind: 'own', number: heldNumber(bare, held) };
}

/**
 * Who holds exactly these digits. A number at an operator is one only where the operator's plan takes it from callers
 * of this country: the same digits may be a stranger's telephone elsewhere.
 */
function heldHere(digits: string, { registry, operators, from }: DialContext): HeldAs | undefined {
  const held = registry.holds(digits);
  if (held !== 'alias') return held;
  const isDialledHere = operators.some((plan) => convertForOperator(plan, digits, from) !== undefined);
  return isDialledHere ? held : undefined;
}

/** Steps 1, 4 and 5: what the characters alone decide; undefined for other digits. */
function readOutright(bare: string, context: DialContext, trail: Trail): Reading | undefined {
  if (bare === '') return { kind: 'incomplete', detail: 'Nothing was dialled.' };
  if (bare.length > MAX_DIGITS) return unknown(`It has more than ${MAX_DIGITS} digits.`);
  const country = presentCountryOf(context);
  const helps = isEmergencyNumber(bare, country);
  trail?.push({
    code: 'emergency',
    fits: helps,
    sentence: `It is ${helps ? 'an' : 'no'} emergency number of ${country}, where the terminal is.`,
  });
  if (helps) return { kind: 'emergency', number: bare, country };
  if (bare.includes('#')) return readWithSuffix(bare, trail);
  return bare.startsWith('+') ? readInternational(bare, trail) : undefined;
}

const HELD_WORDS: Readonly<Record<HeldAs | 'nobody', string>> = {
  personal: 'The registry holds exactly this as a personal number.',
  enterprise: 'The registry holds exactly this as an enterprise number.',
  alias: 'The registry holds exactly this as a number that a member had before.',
  nobody: 'Nobody is known to hold exactly this.',
};

function heldNumber(digits: string, held: HeldAs): (Reading & { kind: 'own' })['number'] {
  switch (held) {
    case 'personal':
      return registeredPersonalNumber(digits);
    case 'enterprise':
      return registeredEnterpriseNumber(digits);
    case 'alias':
      return { kind: 'alias', digits };
  }
}

function readWithSuffix(bare: string, trail: Trail): Reading {
  const number = readEnterpriseNumber(bare);
  const fits = 'kind' in number;
  trail?.push({
    code: 'enterprise-suffix',
    fits,
    sentence: fits ? `It is the enterprise number ${formatEnterpriseNumber(number)}.` : number.detail,
  });
  if (fits) return { kind: 'own', number };
  return { kind: number.begun ? 'incomplete' : 'unknown', detail: number.detail };
}

function readInternational(bare: string, trail: Trail): Reading {
  const number = e164Of(bare);
  trail?.push({
    code: 'international',
    fits: number !== undefined,
    sentence:
      number === undefined ? 'After the + is no number of any country.' : `It is the number ${number}.`,
  });
  if (number !== undefined) return { kind: 'pstn', number, form: 'international' };
  if (isE164Begun(bare)) return { kind: 'incomplete', detail: 'After the + a number is only begun.' };
  return unknown('After the + is no number of any country; our own numbers are dialled without +.');
}

function presentCountryOf(context: DialContext): Country {
  return context.presentCountry ?? mainCountryOf(context.presentIn);
}

function unknown(detail: string): Reading {
  return { kind: 'unknown', detail };
}
