/** Names of the static payload types that are offered without a=rtpmap (RFC 3551 §6). */
const STATIC_NAMES: Readonly<Record<string, string>> = {
  '0': 'PCMU',
  '3': 'GSM',
  '4': 'G723',
  '8': 'PCMA',
  '9': 'G722',
  '15': 'G728',
  '18': 'G729',
};

/** What goes with every codec. */
const ALWAYS = new Set(['telephone-event', 'cn']);

/**
 * An offer with no other codecs of sound than these; keys and comfort noise stay. Other media stay as they are.
 * @param names as in a=rtpmap, in any case: `PCMU`, `opus`
 * @returns undefined where no codec is left for some sound that is offered
 */
export function limitCodecs(sdp: string, names: readonly string[]): string | undefined {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const sections = sdp.split(/^(?=m=)/m);
  const limited: string[] = [];
  for (const section of sections) {
    const kept = section.startsWith('m=audio ') ? limitSound(section, wanted) : section;
    if (kept === undefined) return undefined;
    limited.push(kept);
  }
  return limited.join('');
}

function limitSound(section: string, wanted: ReadonlySet<string>): string | undefined {
  const [head = '', ...lines] = section.split(/\r?\n/);
  const [media, port, profile, ...types] = head.split(' ');
  if (port === '0') return section;
  const nameOf = (type: string) => namesIn(lines).get(type) ?? STATIC_NAMES[type]?.toLowerCase() ?? '';
  const codecs = types.filter((type) => wanted.has(nameOf(type)));
  if (codecs.length === 0) return undefined;
  const kept = types.filter((type) => wanted.has(nameOf(type)) || ALWAYS.has(nameOf(type)));
  const dropped = new Set(types.filter((type) => !kept.includes(type)));
  const isKept = (line: string) => {
    const type = /^a=(?:rtpmap|fmtp|rtcp-fb):(\S+)/.exec(line)?.[1];
    return type === undefined || !dropped.has(type);
  };
  return [[media, port, profile, ...kept].join(' '), ...lines.filter(isKept)].join('\r\n');
}

/** The names that a=rtpmap gives, by payload type, in small letters. */
function namesIn(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const [, type, name] = /^a=rtpmap:(\d{1,3}) ([^/\s]+)/.exec(line) ?? [];
      return type === undefined || name === undefined ? [] : [[type, name.toLowerCase()] as const];
    }),
  );
}
