/** A key of a telephone as an RTP payload (RFC 4733 §2.3). Times are in units of the audio's clock. */
export type TelephoneEvent = { readonly digit: string; readonly isEnd: boolean; readonly duration: number };

/** RFC 4733 §3.2, table 3: events 0 to 15. */
const DIGITS = '0123456789*#ABCD';

/** −10 dBm0: as loud as a telephone's own keys. */
const VOLUME = 10;

/** RFC 4733 §2.5.1.4: the end is sent three times, since its loss would leave the key pressed. */
const ENDS = 3;

/** Reads the payload; undefined for what is no digit, such as flash. */
export function parseTelephoneEvent(payload: Uint8Array): TelephoneEvent | undefined {
  const [event = 255, flags = 0, high = 0, low = 0] = payload;
  const digit = DIGITS[event];
  if (payload.length < 4 || digit === undefined) return undefined;
  return { digit, isEnd: (flags & 0x80) !== 0, duration: high * 256 + low };
}

/** Writes the payload. */
export function printTelephoneEvent({ digit, isEnd, duration }: TelephoneEvent): Uint8Array {
  return Uint8Array.of(DIGITS.indexOf(digit), (isEnd ? 0x80 : 0) | VOLUME, duration >> 8, duration & 0xff);
}

/** Whether the text is a digit that a telephone can send. */
export function isTelephoneDigit(text: string): boolean {
  return text.length === 1 && DIGITS.includes(text);
}

/**
 * The payloads of one pressed key, to be sent one a frame and all with the timestamp of the first
 * (RFC 4733 §2.5.1): growing durations, then the end three times.
 */
export function pressKey(digit: string, frames: number, samplesPerFrame: number): Uint8Array[] {
  const growing = Array.from({ length: frames }, (_, index) =>
    printTelephoneEvent({ digit, isEnd: false, duration: (index + 1) * samplesPerFrame }),
  );
  const end = printTelephoneEvent({ digit, isEnd: true, duration: frames * samplesPerFrame });
  return [...growing, ...Array.from({ length: ENDS }, () => end)];
}
