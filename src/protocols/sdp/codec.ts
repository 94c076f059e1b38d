import type { Attribute, Media } from './session.ts';

/** An encoding of RTP with the payload type that stands for it in one description. */
export type Codec = {
  readonly payloadType: number;
  /** As registered, e.g. `PCMU`; compared without case. */
  readonly name: string;
  readonly clockRate: number;
  /** 1 where it is not said. */
  readonly channels: number;
  /** The value of `a=fmtp`. */
  readonly parameters?: string;
};

export const PCMU: Codec = { payloadType: 0, name: 'PCMU', clockRate: 8000, channels: 1 };
export const PCMA: Codec = { payloadType: 8, name: 'PCMA', clockRate: 8000, channels: 1 };
/** Digits (RFC 4733 §2.4.1): the events 0 to 15 are 0-9, *, # and A-D. */
export const TELEPHONE_EVENT: Codec = {
  payloadType: 101,
  name: 'telephone-event',
  clockRate: 8000,
  channels: 1,
  parameters: '0-15',
};

/** The payload types that need no `a=rtpmap` (RFC 3551 §6). G.722 says 8000 and means 16000, for history's sake. */
const STATIC: readonly Codec[] = [
  PCMU,
  { payloadType: 3, name: 'GSM', clockRate: 8000, channels: 1 },
  { payloadType: 4, name: 'G723', clockRate: 8000, channels: 1 },
  PCMA,
  { payloadType: 9, name: 'G722', clockRate: 8000, channels: 1 },
  { payloadType: 13, name: 'CN', clockRate: 8000, channels: 1 },
  { payloadType: 15, name: 'G728', clockRate: 8000, channels: 1 },
  { payloadType: 18, name: 'G729', clockRate: 8000, channels: 1 },
];

const RTPMAP = /^(\d{1,3}) +([^\s/]+)\/(\d{1,6})(?:\/(\d{1,2}))?\s*$/;

/** The codecs of an RTP medium in the order of preference; payload types that nobody explains are left out. */
export function codecsOf(media: Media): Codec[] {
  const maps = new Map<string, Codec>();
  const parameters = new Map<string, string>();
  for (const { name, value = '' } of media.attributes) {
    if (name === 'rtpmap') readMap(value, maps);
    else if (name === 'fmtp') readParameters(value, parameters);
  }
  return media.formats.flatMap((format) => {
    const codec = maps.get(format) ?? STATIC.find(({ payloadType }) => String(payloadType) === format);
    const own = parameters.get(format);
    if (codec === undefined) return [];
    return [own === undefined ? codec : { ...codec, parameters: own }];
  });
}

/** Whether two codecs are the same encoding, whatever payload types stand for them. */
export function sameCodec(one: Codec, other: Codec): boolean {
  return (
    one.name.toLowerCase() === other.name.toLowerCase() &&
    one.clockRate === other.clockRate &&
    one.channels === other.channels
  );
}

export function isTelephoneEvent({ name }: Codec): boolean {
  return name.toLowerCase() === 'telephone-event';
}

/** The attributes that explain codecs. */
export function codecAttributes(codecs: readonly Codec[]): Attribute[] {
  return codecs.flatMap(({ payloadType, name, clockRate, channels, parameters }) => {
    const map = `${payloadType} ${name}/${clockRate}${channels === 1 ? '' : `/${channels}`}`;
    const rtpmap = { name: 'rtpmap', value: map };
    return parameters === undefined
      ? [rtpmap]
      : [rtpmap, { name: 'fmtp', value: `${payloadType} ${parameters}` }];
  });
}

/** Where a format is explained twice, the first counts. */
function readMap(value: string, maps: Map<string, Codec>): void {
  const map = RTPMAP.exec(value);
  if (map === null) return;
  const [, format = '', name = '', rate, channels = '1'] = map;
  if (maps.has(format) || Number(format) > 127) return;
  maps.set(format, {
    payloadType: Number(format),
    name,
    clockRate: Number(rate),
    channels: Number(channels),
  });
}

function readParameters(value: string, parameters: Map<string, string>): void {
  const space = value.indexOf(' ');
  const format = value.slice(0, space);
  if (space !== -1 && !parameters.has(format)) parameters.set(format, value.slice(space + 1).trim());
}
