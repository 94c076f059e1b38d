/**
 * Cuts messages out of a stream (RFC 3261 §18.3): the head up to its empty line, then as many bytes as
 * Content-Length says. CR LF pairs between messages are keep-alives (RFC 5626 §3.5.1).
 *
 * A message may come byte by byte. What is waiting is kept in pieces of which each is more than twice the next,
 * so that a byte is copied some ten times at most, and is searched for the empty line once.
 */
export type Framer = {
  readonly pieces: readonly Buffer[];
  /** Bytes in all pieces: part of one message, or of a ping. */
  readonly length: number;
  /** How long the message will be, once its head is complete. */
  readonly wanted: number | undefined;
};

export type Frame =
  /** The bytes may be kept: nobody writes to them again. */
  | { readonly kind: 'message'; readonly bytes: Buffer }
  /** A double CR LF, to be answered with a single one. */
  | { readonly kind: 'ping' }
  /** The stream cannot be cut any further; the connection has to be closed. */
  | { readonly kind: 'broken'; readonly detail: string };

const LARGEST_HEAD = 64 * 1024;
const LARGEST_BODY = 256 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\n(?:Content-Length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*(?=\r\n|$)/i;

export const EMPTY_FRAMER: Framer = { pieces: [], length: 0, wanted: undefined };

/** Takes the bytes that arrived and returns the frames they complete. */
export function stepFramer(framer: Framer, chunk: Buffer): [Framer, Frame[]] {
  const waiting = withPiece(framer, chunk);
  if (!mayBeComplete(framer, waiting, chunk)) return [waiting, []];
  const [only, ...others] = waiting.pieces;
  let rest = only !== undefined && others.length === 0 ? only : Buffer.concat(waiting.pieces);
  const frames: Frame[] = [];
  for (;;) {
    const { frame, length, wanted } = nextFrame(rest);
    if (frame !== undefined) frames.push(frame);
    if (frame?.kind === 'broken') return [EMPTY_FRAMER, frames];
    if (length === 0)
      return [{ pieces: rest.length === 0 ? [] : [rest], length: rest.length, wanted }, frames];
    rest = rest.subarray(length);
  }
}

function withPiece({ pieces, length, wanted }: Framer, chunk: Buffer): Framer {
  const merged = [...pieces];
  let last = chunk;
  for (let before = merged.at(-1); before !== undefined; before = merged.at(-1)) {
    if (before.length > 2 * last.length) break;
    merged.pop();
    last = Buffer.concat([before, last]);
  }
  merged.push(last);
  return { pieces: merged, length: length + chunk.length, wanted };
}

/** Whether it is worth looking: enough bytes of a known length, or what may be the end of a head. */
function mayBeComplete(before: Framer, waiting: Framer, chunk: Buffer): boolean {
  if (waiting.wanted !== undefined) return waiting.length >= waiting.wanted;
  if (before.length < HEAD_END.length || waiting.length > LARGEST_HEAD) return true;
  return chunk.includes(HEAD_END) || endOfBoth(before, chunk).includes(HEAD_END);
}

/** The bytes around the seam, where an empty line may stand in neither part alone. */
function endOfBoth({ pieces }: Framer, chunk: Buffer): Buffer {
  const seam: Buffer[] = [chunk.subarray(0, 3)];
  let missing = 3;
  for (let at = pieces.length - 1; at >= 0 && missing > 0; at -= 1) {
    const tail = (pieces[at] ?? HEAD_END).subarray(-missing);
    seam.unshift(tail);
    missing -= tail.length;
  }
  return Buffer.concat(seam);
}

/** A frame with the bytes it took; a length of 0 where more have to arrive, and how many are wanted if that is known. */
type Cut = { readonly frame?: Frame; readonly length: number; readonly wanted: number | undefined };

function nextFrame(bytes: Buffer): Cut {
  if (bytes[0] === 0x0d && bytes[1] === 0x0a) return nextLineEnd(bytes);
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd > LARGEST_HEAD || (headEnd === -1 && bytes.length > LARGEST_HEAD)) {
    return broken('The headers never end.');
  }
  if (headEnd === -1) return { length: 0, wanted: undefined };
  const declared = CONTENT_LENGTH.exec(bytes.toString('latin1', 0, headEnd));
  // RFC 3261 §20.14: on a stream the length has to be there, or the next message cannot be found.
  if (declared === null) return broken('Content-Length is missing.');
  const bodyLength = Number(declared[1]);
  if (bodyLength > LARGEST_BODY) return broken('The body is too long.');
  const end = headEnd + HEAD_END.length + bodyLength;
  if (bytes.length < end) return { length: 0, wanted: end };
  return { frame: { kind: 'message', bytes: ownBytes(bytes, end) }, length: end, wanted: undefined };
}

/** The first message of the bytes; copied where it would keep many others' bytes from being freed. */
function ownBytes(bytes: Buffer, end: number): Buffer {
  const message = bytes.subarray(0, end);
  return bytes.buffer.byteLength > 2 * end + 1024 ? Buffer.from(new Uint8Array(message).buffer) : message;
}

function nextLineEnd(bytes: Buffer): Cut {
  if (bytes[2] === 0x0d && bytes[3] === 0x0a)
    return { frame: { kind: 'ping' }, length: 4, wanted: undefined };
  // A single CR LF may be the first half of a ping.
  const mayContinue = bytes.length < 4 && (bytes.length === 2 || bytes[2] === 0x0d);
  return { length: mayContinue ? 0 : 2, wanted: undefined };
}

function broken(detail: string): Cut {
  return { frame: { kind: 'broken', detail }, length: 0, wanted: undefined };
}
