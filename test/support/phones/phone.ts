/** What happens to a phone, by the words of baresip; `param` is the digit, the reason or the other party. */
export type PhoneEventType =
  | 'REGISTER_OK'
  | 'REGISTER_FAIL'
  | 'CALL_INCOMING'
  | 'CALL_RINGING'
  | 'CALL_PROGRESS'
  | 'CALL_ESTABLISHED'
  | 'CALL_RTPESTAB'
  | 'CALL_MEDIA'
  | 'CALL_HELD'
  | 'CALL_HELD_BY_OTHER'
  | 'CALL_TRANSFER'
  | 'CALL_TRANSFER_FAILED'
  | 'CALL_DTMF_START'
  | 'CALL_CLOSED';

export type PhoneEvent = { readonly type: string; readonly param?: string; readonly peeruri?: string };

/** A real phone of somebody else's making, as a test holds it in its hands. */
export type Phone = {
  readonly user: string;
  /** Where it can be called without a server. */
  readonly uri: string;
  /** The next event of that type which the test has not seen yet; rejects when it does not come in time. */
  event(type: PhoneEventType, timeoutMs?: number): Promise<PhoneEvent>;
  dial(target: string): Promise<void>;
  answer(): Promise<void>;
  hangUp(): Promise<void>;
  hold(): Promise<void>;
  resume(): Promise<void>;
  /** Presses a key (RFC 4733). */
  press(digit: string): Promise<void>;
  /** Sends the other party elsewhere (REFER, unattended). */
  transferTo(target: string): Promise<void>;
  /** The recording of what was heard in the latest call; its header is right once the call has closed. */
  heard(): string;
  stop(): Promise<void>;
};
