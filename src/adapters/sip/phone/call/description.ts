import type { Direction, LocalSound, SoundTerms } from './sound-terms.ts';

/** Our payload type for RFC 4733 digits; in an answer it is the offer's. */
const TELEPHONE_EVENTS = 101;

const LAWS = { 0: 'PCMU', 8: 'PCMA' } as const;

const REVERSED: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

/** One media description of a session (RFC 4566 §5). */
type Section = { readonly media: string; readonly lines: readonly string[] };

/** Our offer: both laws of G.711, and digits. */
export function offerOf(sound: LocalSound): Uint8Array {
  const formats = `0 8 ${TELEPHONE_EVENTS}`;
  return print(sound, [soundSection(sound, formats, ['PCMU', 'PCMA'], TELEPHONE_EVENTS)]);
}

/**
 * Our answer (RFC 3264 §6) to an offer: its first stream of G.711 over plain RTP is taken, in the law it names
 * first, and all others are refused with port 0.
 * @returns undefined where there is no such stream: 488
 */
export function answerTo(
  offer: Uint8Array,
  sound: LocalSound,
): { readonly body: Uint8Array; readonly terms: SoundTerms } | undefined {
  const { session, sections } = read(offer);
  const taken = sections.findIndex((section) => readSound(session, section) !== undefined);
  const theirs = sections[taken] === undefined ? undefined : readSound(session, sections[taken]);
  if (theirs === undefined) return undefined;
  const direction = both(REVERSED[theirs.direction], sound.direction);
  const events = theirs.telephoneEvents;
  const formats = `${theirs.law === 'PCMU' ? 0 : 8}${events === undefined ? '' : ` ${events}`}`;
  const answered = sections.map((section, index) =>
    index === taken
      ? soundSection({ ...sound, direction }, formats, [theirs.law], events)
      : [section.media.replace(/^(m=\S+) \d+(\/\d+)?/, '$1 0')],
  );
  return { body: print(sound, answered), terms: { ...theirs, direction } };
}

/**
 * What an answer to our offer agrees to.
 * @param ours the direction of the offer
 * @returns undefined where it takes no sound
 */
export function termsOf(answer: Uint8Array, ours: Direction): SoundTerms | undefined {
  const { session, sections } = read(answer);
  const theirs = sections[0] === undefined ? undefined : readSound(session, sections[0]);
  return theirs && { ...theirs, direction: both(REVERSED[theirs.direction], ours) };
}

function print(
  { address, sessionId, version }: LocalSound,
  sections: readonly (readonly string[])[],
): Uint8Array {
  const network = `IN ${address.includes(':') ? 'IP6' : 'IP4'} ${address}`;
  const head = ['v=0', `o=- ${sessionId} ${version} ${network}`, 's=-', `c=${network}`, 't=0 0'];
  return new TextEncoder().encode(`${[...head, ...sections.flat()].join('\r\n')}\r\n`);
}

function soundSection(
  { port, direction }: LocalSound,
  formats: string,
  laws: readonly string[],
  events: number | undefined,
): string[] {
  return [
    `m=audio ${port} RTP/AVP ${formats}`,
    ...laws.map((law) => `a=rtpmap:${law === 'PCMU' ? 0 : 8} ${law}/8000`),
    ...(events === undefined ? [] : [`a=rtpmap:${events} telephone-event/8000`, `a=fmtp:${events} 0-15`]),
    'a=ptime:20',
    `a=${direction}`,
  ];
}

function read(body: Uint8Array): { session: string[]; sections: Section[] } {
  const session: string[] = [];
  const sections: { media: string; lines: string[] }[] = [];
  for (const line of new TextDecoder().decode(body).split(/\r?\n/)) {
    if (line.startsWith('m=')) sections.push({ media: line, lines: [] });
    else (sections.at(-1)?.lines ?? session).push(line);
  }
  return { session, sections };
}

/** The other side's terms, as the other side sees them; undefined where it is no sound we can exchange. */
function readSound(session: readonly string[], { media, lines }: Section): SoundTerms | undefined {
  const match = /^m=audio (\d{1,5})(?:\/1)? RTP\/AVP ((?:\d{1,3} ?)+)$/.exec(media.trimEnd());
  const port = Number(match?.[1]);
  const connection =
    lines.find((line) => line.startsWith('c=')) ?? session.find((line) => line.startsWith('c='));
  const address = /^c=IN IP[46] ([0-9A-Fa-f:.]+)$/.exec(connection?.trimEnd() ?? '')?.[1];
  const formats = (match?.[2] ?? '').trim().split(' ').map(Number);
  const payload = formats.find((format) => format === 0 || format === 8) as 0 | 8 | undefined;
  if (address === undefined || payload === undefined || !(port > 0 && port < 65_536)) return undefined;
  const events = lines.map((line) => /^a=rtpmap:(\d{1,3}) telephone-event\/8000/i.exec(line)?.[1]);
  const telephoneEvents = formats.find((format) => events.includes(String(format)));
  // Before there were attributes for it, a call was held by an address of zeros (RFC 3264 §8.4).
  const isHeldTheOldWay = address === '0.0.0.0' || address === '::';
  const direction = isHeldTheOldWay ? 'sendonly' : (directionIn(lines) ?? directionIn(session) ?? 'sendrecv');
  const law = LAWS[payload];
  return {
    remote: { address, port },
    law,
    direction,
    ...(telephoneEvents === undefined ? {} : { telephoneEvents }),
  };
}

function directionIn(lines: readonly string[]): Direction | undefined {
  for (const line of lines) {
    const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/.exec(line)?.[1];
    if (direction !== undefined) return direction as Direction;
  }
  return undefined;
}

/** The direction both sides agree to, as one of them sees it. */
function both(one: Direction, other: Direction): Direction {
  const may = (direction: Direction, what: 'send' | 'recv') =>
    direction === 'sendrecv' || direction === `${what}only`;
  const sends = may(one, 'send') && may(other, 'send');
  const hears = may(one, 'recv') && may(other, 'recv');
  if (sends) return hears ? 'sendrecv' : 'sendonly';
  return hears ? 'recvonly' : 'inactive';
}
