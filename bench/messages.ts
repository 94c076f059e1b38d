// `node bench/messages.ts [--json]`: how many messages a second are read and written, beside the least that any
// parser does: to decode the bytes and to split them at their line ends.
import { parseMessage, printMessage } from '../src/protocols/sip/message/index.ts';

const SESSION = [
  'v=0',
  'o=kim 3906 3906 IN IP4 192.0.2.7',
  's=-',
  'c=IN IP4 192.0.2.7',
  't=0 0',
  'm=audio 10160 RTP/AVP 0 8 101',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=ptime:20',
  'a=sendrecv',
  '',
].join('\r\n');

/** As phones send it: the second INVITE, which answers the challenge. */
const INVITE = message(
  [
    'INVITE sip:62006200%23082@omnidial.test SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.7:5080;branch=z9hG4bK5f0c1d8a2b;rport',
    'Contact: <sip:0262006200082@192.0.2.7:5080;transport=udp>;expires=300',
    'Max-Forwards: 70',
    'Authorization: Digest username="0262006200082", realm="omnidial.test", nonce="6743f2a10c0ffee5b1d2", uri="sip:62006200%23082@omnidial.test", response="0f3c2b9a5d7e41c68b0a9f8e7d6c5b4a", cnonce="9c1d", nc=00000001, qop=auth, algorithm=MD5',
    'To: <sip:62006200%23082@omnidial.test>',
    'From: "Kim Minji" <sip:0262006200082@omnidial.test>;tag=8f1d2c3b4a',
    'Call-ID: 5d3c9b0e7f1a2846@192.0.2.7',
    'CSeq: 5621 INVITE',
    'User-Agent: phone 1.0',
    'Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY, SUBSCRIBE, INFO, MESSAGE, UPDATE, REFER',
    'Supported: gruu, replaces, timer',
    'Content-Type: application/sdp',
  ],
  SESSION,
);

const OK = message(
  [
    'SIP/2.0 200 OK',
    'Via: SIP/2.0/UDP 192.0.2.7:5080;branch=z9hG4bK5f0c1d8a2b;rport=5080;received=192.0.2.7',
    'To: <sip:62006200%23082@omnidial.test>;tag=1b9f3d7c',
    'From: "Kim Minji" <sip:0262006200082@omnidial.test>;tag=8f1d2c3b4a',
    'Call-ID: 5d3c9b0e7f1a2846@192.0.2.7',
    'CSeq: 5621 INVITE',
    'Server: Omnidial',
    'Contact: <sip:192.0.2.1:5060>',
    'Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, MESSAGE, UPDATE, REFER, PRACK',
    'Content-Type: application/sdp',
  ],
  SESSION,
);

const WARM_UP_MS = 500;
const MEASURE_MS = 1_000;
const ROUNDS = 3;

const measurements = {
  'INVITE, parse and print': (n: number) => readAndWrite(INVITE, n),
  '200, parse and print': (n: number) => readAndWrite(OK, n),
  'INVITE, parse': (n: number) => readOnly(INVITE, n),
  '200, parse': (n: number) => readOnly(OK, n),
  'baseline: decode and split an INVITE': (n: number) => decodeAndSplit(INVITE, n),
};

const perSecond = measure(measurements);
const baseline = perSecond['baseline: decode and split an INVITE'];
const result = Object.entries(perSecond).map(([what, rate]) => ({
  what,
  perSecond: Math.round(rate),
  microseconds: Number((1e6 / rate).toFixed(2)),
  baselines: Number((baseline / rate).toFixed(2)),
}));
if (process.argv.includes('--json')) console.log(JSON.stringify({ benchmark: 'messages', result }));
else console.table(result);

/** The best rate of each in several rounds that take turns, so that a busy moment harms none alone. */
function measure<What extends string>(runs: Record<What, (n: number) => number>): Record<What, number> {
  const best = Object.fromEntries(Object.keys(runs).map((what) => [what, 0])) as Record<What, number>;
  const names = Object.keys(runs) as What[];
  for (const what of names) rate(runs[what], WARM_UP_MS);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const what of names) best[what] = Math.max(best[what], rate(runs[what], MEASURE_MS));
  }
  return best;
}

function rate(run: (n: number) => number, forMs: number): number {
  const BATCH = 1_000;
  const startMs = performance.now();
  let times = 0;
  let nowMs = startMs;
  let seen = 0;
  while (nowMs - startMs < forMs) {
    seen += run(BATCH);
    times += BATCH;
    nowMs = performance.now();
  }
  if (seen < times) throw new Error('A message was not read.');
  return (times / (nowMs - startMs)) * 1000;
}

function readAndWrite(bytes: Buffer, times: number): number {
  let length = 0;
  for (let n = 0; n < times; n += 1) {
    const read = parseMessage(bytes);
    if (read.ok) length += printMessage(read.value).length;
  }
  return length;
}

function readOnly(bytes: Buffer, times: number): number {
  let headers = 0;
  for (let n = 0; n < times; n += 1) {
    const read = parseMessage(bytes);
    if (read.ok) headers += read.value.headers.length;
  }
  return headers;
}

function decodeAndSplit(bytes: Buffer, times: number): number {
  let lines = 0;
  for (let n = 0; n < times; n += 1) lines += bytes.toString('latin1').split('\r\n').length;
  return lines;
}

function message(head: readonly string[], body: string): Buffer {
  return Buffer.from([...head, `Content-Length: ${body.length}`, '', body].join('\r\n'));
}
