import type { SessionTimerPolicy } from '../../../protocols/sip/session/index.ts';
import type { Timers as SipTimers } from '../../../protocols/sip/transaction/index.ts';
import type { ChargeDesk } from '../../../services/charge-desk.ts';
import type { Clock, ProcessSignatures, Timers } from '../../../services/ports/index.ts';
import type { Way } from '../../../services/ring.ts';
import type { SipEndpoint } from '../endpoint/index.ts';
import type { LegTable } from './leg-table.ts';
import type { OutwardLine } from './outward-line.ts';
import type { MediaContext } from './relayed.ts';
import type { VoiceContext } from './voice.ts';

/** What everything that carries calls shares. */
export type ExchangeContext = {
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly legs: LegTable;
  /** 0 ≤ random < 1. */
  readonly random: () => number;
  readonly sessionPolicy: SessionTimerPolicy;
  readonly sipTimers: SipTimers;
  /** The domain of our addresses in From and To. */
  readonly domain: string;
  /** Whether a host, in lower case and without brackets, is a name or address of ours. */
  readonly servesHost: (host: string) => boolean;
  readonly ringTimeoutMs: number;
  /** The relay of sound, where there is one. */
  readonly media?: MediaContext;
  /** Our own voice, where there is one. */
  readonly voice?: VoiceContext;
  /** What holds for a way to another network, on which a call is to go out. */
  readonly lineOf: (way: Way & { readonly kind: 'trunk' }, callId: string) => OutwardLine;
  /** Where credit for calls is asked for; without it none is charged. */
  readonly chargeDesk?: Pick<ChargeDesk, 'reserve' | 'end'>;
  /** By which processes of the service know each other, where there are several. */
  readonly signatures?: ProcessSignatures;
  /** Told which dialogs, by their Call-ID, have a part in which call. */
  readonly onDialog: (sipCallId: string, call: string) => void;
};
