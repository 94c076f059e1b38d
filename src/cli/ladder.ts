import { centred, displayWidth, padded, printable } from './printable.ts';

/** A SIP message that passed between two parties. */
export type LadderMessage = {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  /** As on the wire. */
  readonly text: string;
};

/** What is drawn around an arrow's label: two dashes and a blank on each side, and the head. */
const AROUND_LABEL = 7;

const NARROWEST_GAP = 16;

/**
 * Draws the messages of a call as a ladder: a column for each party, in the order they appear, an arrow for each
 * message, with the time since the first one in seconds. What is sent again is marked.
 */
export function drawLadder(messages: readonly LadderMessage[]): string {
  const [first] = messages;
  if (first === undefined) return 'No messages.\n';
  const parties = [...new Set(messages.flatMap(({ from, to }) => [from, to]))];
  const labels = labelsOf(messages);
  const gap = Math.max(
    NARROWEST_GAP,
    ...labels.map((label) => displayWidth(label) + AROUND_LABEL),
    ...parties.map((name) => displayWidth(printable(name)) + 1),
  );
  const times = messages.map(({ atMs }) => ((atMs - first.atMs) / 1000).toFixed(3));
  const margin = Math.max(...times.map((time) => time.length));
  const lines = messages.map((message, at) => {
    const rungs = rung(
      parties.indexOf(message.from),
      parties.indexOf(message.to),
      labels[at] ?? '',
      parties.length,
      gap,
    );
    return `${(times[at] ?? '').padStart(margin)}  ${' '.repeat(Math.floor(gap / 2))}${rungs}`;
  });
  return `${[header(parties, gap, margin), ...lines].map((line) => line.trimEnd()).join('\n')}\n`;
}

/** The names of the parties, each above the middle of its life line. */
function header(parties: readonly string[], gap: number, margin: number): string {
  const names = parties.map((party) => centred(printable(party), gap + 1));
  return `${' '.repeat(margin + 2)}${names.join('')}`;
}

/** One line of life lines with an arrow from one party to another; a message to oneself is written beside its line. */
function rung(from: number, to: number, label: string, parties: number, gap: number): string {
  const left = Math.min(from, to);
  const right = Math.max(from, to);
  const blank = ' '.repeat(gap);
  const before = `|${blank}`.repeat(left);
  if (left < right) {
    const shaft = arrow(label, (right - left) * (gap + 1) - 1, to > from);
    return `${before}|${shaft}|${`${blank}|`.repeat(parties - 1 - right)}`;
  }
  const after = parties - 1 - left;
  return `${before}|${padded(` ${label}`, after > 0 ? gap : 0)}${after > 0 ? '|' : ''}${`${blank}|`.repeat(Math.max(0, after - 1))}`;
}

function arrow(label: string, length: number, toTheRight: boolean): string {
  const dashes = length - displayWidth(label) - 3;
  const before = Math.floor(dashes / 2);
  const shaft = `${'-'.repeat(before)} ${label} ${'-'.repeat(dashes - before)}`;
  return toTheRight ? `${shaft}>` : `<${shaft}`;
}

/** What each message is called; the same text from and to the same parties is a retransmission. */
function labelsOf(messages: readonly LadderMessage[]): readonly string[] {
  const seen = new Set<string>();
  return messages.map(({ from, to, text }) => {
    const key = `${from}\n${to}\n${text}`;
    const again = seen.has(key) ? ' again' : '';
    seen.add(key);
    return printable(labelOf(text)) + again;
  });
}

const LONGEST_LABEL = 40;

/** `INVITE (sdp)` of a request, `200 OK (BYE)` of a response: its own method where it is not INVITE. */
function labelOf(text: string): string {
  const [startLine = ''] = text.split(/\r?\n/, 1);
  const sdp = /^content-type\s*:\s*application\/sdp/im.test(text) || /^c\s*:\s*application\/sdp/im.test(text);
  const carried = sdp ? ' (sdp)' : '';
  const [, status] = /^SIP\/2\.0 (\d{3}.*)$/.exec(startLine) ?? [];
  if (status === undefined) return `${startLine.split(' ', 1)[0]?.slice(0, LONGEST_LABEL)}${carried}`;
  const [, method] = /^cseq\s*:\s*\d+\s+(\S+)/im.exec(text) ?? [];
  const answered = method === undefined || method === 'INVITE' ? '' : ` (${method})`;
  return `${status.slice(0, LONGEST_LABEL)}${answered}${carried}`;
}
