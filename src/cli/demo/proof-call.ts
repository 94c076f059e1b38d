import { createPhone, type Phone } from '../../adapters/sip/phone/index.ts';
import { likeness } from '../../protocols/audio/index.ts';
import { voice } from './voices.ts';
import type { DemoPhone } from './world.ts';

export type ProofCallOptions = {
  /** `127.0.0.1:5060` */
  readonly server: string;
  readonly caller: DemoPhone;
  readonly callee: DemoPhone;
  /** Whatever the caller dials. */
  readonly dialled: string;
};

/** What the two phones heard of each other: 1 is every sample as it was sent, but for what G.711 takes. */
export type ProofCall = {
  readonly callerHeard: number;
  readonly calleeHeard: number;
  /** The keys the callee heard, of `PRESSED`. */
  readonly digits: string;
};

export const PRESSED = '42#';

const TALK_MS = 2_500;
const ANSWER_WITHIN_MS = 10_000;

/** A second in the middle of the call is looked for in what was said. */
const LISTEN = { from: 8_000, length: 8_000 };

/**
 * Places a call between two phones of our own through the service, with sound both ways and keys: what is reported
 * was heard, and not only sent. The caller registers over UDP and the callee over TCP.
 * @throws where a phone cannot register or the call is not answered, with the reason as a sentence
 */
export async function placeProofCall({
  server,
  caller,
  callee,
  dialled,
}: ProofCallOptions): Promise<ProofCall> {
  const voices = { caller: voice(1, 30), callee: voice(2, 30) };
  let sounds: { readonly atCaller: Int16Array; readonly atCallee: Int16Array; readonly digits: string };
  const callerPhone = await openPhone(server, caller, 'udp', voices.caller);
  try {
    const calleePhone = await openPhone(server, callee, 'tcp', voices.callee);
    try {
      const call = callerPhone.call(dialled);
      if (!(await within(ANSWER_WITHIN_MS, call.answered))) throw new Error((await call.ended).sentence);
      await passed(TALK_MS);
      const calleeCall = calleePhone.current;
      callerPhone.press(PRESSED);
      await passed(1_200);
      callerPhone.hangUp();
      await Promise.all([call.ended, calleeCall?.ended]);
      sounds = {
        atCaller: call.heard(),
        atCallee: calleePhone.heard(),
        digits: calleeCall?.heardDigits() ?? '',
      };
    } finally {
      await calleePhone.close();
    }
  } finally {
    await callerPhone.close();
  }
  return {
    callerHeard: alike(sounds.atCaller, voices.callee),
    calleeHeard: alike(sounds.atCallee, voices.caller),
    digits: sounds.digits,
  };
}

async function openPhone(
  server: string,
  { user, password }: DemoPhone,
  transport: 'udp' | 'tcp',
  sound: Int16Array,
): Promise<Phone> {
  const created = await createPhone({ user, password, server, transport, answers: 'by-itself' });
  if (!created.ok) throw new Error(created.detail);
  const { phone } = created;
  phone.play(sound);
  const registered = await phone.register();
  if (registered.ok) return phone;
  await phone.close();
  throw new Error(`The phone ${user} could not register: ${registered.detail}`);
}

function alike(heard: Int16Array, said: Int16Array): number {
  if (heard.length < LISTEN.from + LISTEN.length) return 0;
  return likeness(heard, said, { window: LISTEN }).correlation;
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

async function within(ms: number, outcome: Promise<boolean>): Promise<boolean> {
  return Promise.race([outcome, passed(ms).then(() => false)]);
}
