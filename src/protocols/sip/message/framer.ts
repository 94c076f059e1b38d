/**
 * Cuts messages out of a stream (RFC 3261 §18.3): the head up to its empty line, then as many bytes as
 * Content-Length says. CR LF pairs between messages are keep-alives (RFC 5626 §3.5.1).
 */
export type Framer = { readonly pending: Buffer };

export type Frame =
  | { readonly kind: 'message'; readonly bytes: Buffer }
  /** A double CR LF, to be answered with a single one. */
  | { readonly kind: 'ping' }
  /** The stream cannot be cut any further; the connection has to be closed. */
  | { readonly kind: 'broken'; readonly detail: string };

const LARGEST_HEAD = 64 * 1024;
const LARGEST_BODY = 256 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /\r\n(?:Content-Length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*(?=\r\n|$)/i;

export const EMPTY_FRAMER: Framer = { pending: Buffer.alloc(0) };

/** Takes the bytes that arrived and returns the frames they complete. */
export function stepFramer(framer: Framer, chunk: Buffer): [Framer, Frame[]] {
  let rest = framer.pending.length === 0 ? chunk : Buffer.concat([framer.pending, chunk]);
  const frames: Frame[] = [];
  for (;;) {
    const [frame, length] = nextFrame(rest);
    if (frame !== undefined) frames.push(frame);
    if (length === 0 || frame?.kind === 'broken') break;
    rest = rest.subarray(length);
  }
  return [{ pending: rest }, frames];
}

/** The first frame of the bytes and how many of them it took; 0 where more have to arrive. */
function nextFrame(bytes: Buffer): [Frame | undefined, number] {
  if (bytes[0] === 0x0d && bytes[1] === 0x0a) {
    if (bytes[2] === 0x0d && bytes[3] === 0x0a) return [{ kind: 'ping' }, 4];
    // A single CR LF may be the first half of a ping.
    const mayContinue = bytes.length < 4 && (bytes.length === 2 || bytes[2] === 0x0d);
    return [undefined, mayContinue ? 0 : 2];
  }
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) {
    const tooLong = bytes.length > LARGEST_HEAD;
    return [tooLong ? { kind: 'broken', detail: 'The headers never end.' } : undefined, 0];
  }
  const declared = CONTENT_LENGTH.exec(bytes.toString('latin1', 0, headEnd));
  // RFC 3261 §20.14: on a stream the length has to be there, or the next message cannot be found.
  if (declared === null) return [{ kind: 'broken', detail: 'Content-Length is missing.' }, 0];
  const bodyLength = Number(declared[1]);
  if (bodyLength > LARGEST_BODY) return [{ kind: 'broken', detail: 'The body is too long.' }, 0];
  const end = headEnd + HEAD_END.length + bodyLength;
  if (bytes.length < end) return [undefined, 0];
  return [{ kind: 'message', bytes: bytes.subarray(0, end) }, end];
}
