import { encodeG711, type G711Law, tone } from '../../../protocols/audio/index.ts';

const SAMPLE_RATE = 8_000;

/** Two beeps that nobody takes for the other side's voice. */
const HERTZ = 1_400;
const BEEP_MS = 200;
const PAUSE_MS = 200;

/** The payload types of G.711 (RFC 3551 §6); what is in another codec is left as it is. */
const LAWS: Readonly<Record<number, G711Law>> = { 0: 'PCMU', 8: 'PCMA' };

const HEADER_BYTES = 12;

/**
 * A tone in the place of what a side hears. It is written into the packets of the other side, so that the numbers and
 * times in them go on as they were, and no phone takes it for another stream.
 */
export class InsertedTone {
  #beganAt: number | undefined;

  /** Writes its part into an RTP packet. @returns whether the tone is over */
  insert(packet: Buffer): boolean {
    const law = LAWS[(packet[1] ?? 0) & 0x7f];
    const start = HEADER_BYTES + ((packet[0] ?? 0) & 0x0f) * 4;
    const hasExtension = ((packet[0] ?? 0) & 0x30) !== 0;
    if (law === undefined || hasExtension || start >= packet.length) return false;
    const timestamp = packet.readUInt32BE(4);
    this.#beganAt ??= timestamp;
    // RTP times count modulo 2^32 (RFC 3550 §5.1).
    const at = (timestamp - this.#beganAt) >>> 0;
    // What was on its way before the tone began and arrives late.
    if (at >= 2 ** 31) return false;
    const samples = SAMPLES[law];
    packet.set(samples.subarray(at, at + packet.length - start), start);
    return at + packet.length - start >= samples.length;
  }
}

function beeps(law: G711Law): Uint8Array {
  const beep = tone(HERTZ, BEEP_MS, SAMPLE_RATE, 0.3);
  const pause = new Int16Array((PAUSE_MS / 1_000) * SAMPLE_RATE);
  return encodeG711(law, Int16Array.from([...beep, ...pause, ...beep]));
}

const SAMPLES: Readonly<Record<G711Law, Uint8Array>> = { PCMU: beeps('PCMU'), PCMA: beeps('PCMA') };
