import { malformed, type Parsed, parsed } from '../sip/message/index.ts';
import type { Attribute, Connection, Media, Origin, OtherLine, OtherType, Session } from './session.ts';

/** In the order they are printed in, so that a session is the same value however its lines were mixed. */
const OTHER_TYPES = 'iuepbrzk';
const MEDIA_OTHER_TYPES = 'ibk';
/** More than any honest description has. */
const MOST_MEDIA = 32;
const MOST_LINES = 1_000;
/** There are no more payload types. */
const MOST_FORMATS = 128;

const ORIGIN = /^(\S.*) (\d{1,20}) (\d{1,20}) +IN +IP[46] +(\S+)$/;
const CONNECTION = /^IN +IP[46] +(\S+)$/;
const MEDIA = /^([\w.-]+) +(\d{1,5})(?:\/(\d{1,5}))? +([\w./-]+)((?: +[^\s]+)+)$/;
const ATTRIBUTE = /^[^\s:\0]+(?::|$)/;

type MutableMedia = { -readonly [Key in keyof Media]: Media[Key] } & {
  readonly others: OtherLine[];
  readonly attributes: Attribute[];
};

/**
 * Reads a session description. Lines may end in LF alone, and `s=` and `t=` may be missing, since phones do both;
 * lines of an unknown type are ignored (RFC 8866 §5). What is malformed is a 400; never throws.
 */
export function parseSession(body: Uint8Array | string): Parsed<Session> {
  const text =
    typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.length).toString();
  const lines = text.split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines[0]?.trim() !== 'v=0') return malformed('The session description does not begin with v=0.');
  if (lines.length > MOST_LINES) return malformed('The session description has too many lines.');

  const reading = new Reading();
  for (const line of lines.slice(1)) {
    if (line[1] !== '=') return malformed('A line of the session description is malformed.');
    const problem = reading.take(line[0] ?? '', line.slice(2).trimEnd());
    if (problem !== undefined) return malformed(problem);
  }
  return reading.result();
}

/** What has been read so far; lines after an `m=` belong to it. */
class Reading {
  #origin: Origin | undefined;
  #name = '-';
  #connection: Connection | undefined;
  readonly #times: string[] = [];
  readonly #others: OtherLine[] = [];
  readonly #attributes: Attribute[] = [];
  readonly #media: MutableMedia[] = [];

  /** Takes a line; returns what is wrong with it. */
  take(type: string, value: string): string | undefined {
    switch (type) {
      case 'o':
        return this.#takeOrigin(value);
      case 's':
        this.#name = value === '' ? '-' : value;
        return undefined;
      case 'c':
        return this.#takeConnection(value);
      case 't':
        this.#times.push(value);
        return undefined;
      case 'm':
        return this.#takeMedia(value);
      case 'a':
        return this.#takeAttribute(value);
    }
    const media = this.#media.at(-1);
    if ((media === undefined ? OTHER_TYPES : MEDIA_OTHER_TYPES).includes(type))
      (media?.others ?? this.#others).push({ type: type as OtherType, value });
    return undefined;
  }

  result(): Parsed<Session> {
    if (this.#origin === undefined) return malformed('The session description has no o=.');
    for (const { others } of [...this.#media, { others: this.#others }]) others.sort(byType);
    return parsed({
      origin: this.#origin,
      name: this.#name,
      ...(this.#connection === undefined ? {} : { connection: this.#connection }),
      times: this.#times.length === 0 ? ['0 0'] : this.#times,
      others: this.#others,
      attributes: this.#attributes,
      media: this.#media,
    });
  }

  #takeOrigin(value: string): string | undefined {
    const match = ORIGIN.exec(value);
    if (match === null || this.#origin !== undefined) return 'The o= is malformed or there twice.';
    const [, username = '', sessionId = '', version = '', address = ''] = match;
    this.#origin = { username: username.trimEnd(), sessionId, version, address };
    return undefined;
  }

  #takeConnection(value: string): string | undefined {
    const address = CONNECTION.exec(value)?.[1];
    if (address === undefined) return 'A c= is malformed.';
    const media = this.#media.at(-1);
    if (media === undefined) this.#connection ??= { address };
    else media.connection ??= { address };
    return undefined;
  }

  #takeMedia(value: string): string | undefined {
    const match = MEDIA.exec(value);
    const port = Number(match?.[2]);
    if (match === null || port > 65_535) return 'An m= is malformed.';
    if (this.#media.length === MOST_MEDIA) return 'The session description has too many media.';
    const [, kind = '', , ports, protocol = '', list = ''] = match;
    const formats = list.trim().split(/ +/);
    if (formats.length > MOST_FORMATS) return 'An m= has too many formats.';
    this.#media.push({
      kind,
      port,
      ...(ports === undefined ? {} : { ports: Number(ports) }),
      protocol,
      formats,
      others: [],
      attributes: [],
    });
    return undefined;
  }

  #takeAttribute(text: string): string | undefined {
    if (!ATTRIBUTE.test(text)) return 'An a= is malformed.';
    const colon = text.indexOf(':');
    const attribute =
      colon === -1 ? { name: text } : { name: text.slice(0, colon), value: text.slice(colon + 1) };
    (this.#media.at(-1)?.attributes ?? this.#attributes).push(attribute);
    return undefined;
  }
}

function byType(one: OtherLine, other: OtherLine): number {
  return OTHER_TYPES.indexOf(one.type) - OTHER_TYPES.indexOf(other.type);
}
