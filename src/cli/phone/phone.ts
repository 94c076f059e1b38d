import { readWavFile, toneSource } from '../../adapters/media/index.ts';
import { type CallEnding, createPhone, type Phone } from '../../adapters/sip/phone/index.ts';
import type { Output } from '../commands.ts';
import { type PhoneWish, readArguments, USAGE } from './arguments.ts';
import { PhoneDesk } from './phone-desk.ts';
import { openPrompt } from './prompt.ts';
import { Report } from './report.ts';

const DONE = 0;
const FAILED = 1;
const CALLED_WRONGLY = 2;
const NOT_ANSWERED = 3;
const BROKEN_OFF = 4;

/** `omnidial phone`: a SIP phone in the terminal. */
export async function phone(args: string[], out: Output): Promise<number> {
  const asked = readArguments(args, process.env);
  if (asked.kind === 'help') {
    out.stdout(USAGE);
    return DONE;
  }
  if (asked.kind === 'problem') {
    out.stderr(`omnidial phone: ${asked.problem}\nSee omnidial phone --help.\n`);
    return CALLED_WRONGLY;
  }
  const { wish } = asked;
  const report = new Report(out, wish.json);
  const created = await createPhone(wish.phone);
  if (!created.ok) {
    report.problem(created.detail);
    return FAILED;
  }
  const problem = await speak(created.phone, wish);
  if (problem === undefined) return use(created.phone, wish, report);
  report.problem(problem);
  await created.phone.close();
  return FAILED;
}

/** Gives the phone its voice. @returns a sentence where that cannot be */
async function speak(phone: Phone, { plays }: PhoneWish): Promise<string | undefined> {
  if (plays === undefined) return undefined;
  if ('hertz' in plays) {
    phone.play(() => toneSource(plays.hertz));
    return undefined;
  }
  const sound = await readWavFile(plays.file);
  if (!sound.ok) return sound.detail;
  phone.play(sound.samples);
  return undefined;
}

/** Registers, and lets the phone be used until its one call is over or somebody ends it. */
async function use(phone: Phone, wish: PhoneWish, report: Report): Promise<number> {
  const desk = new PhoneDesk(phone, wish, report);
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  if (wish.registers) {
    const { server, user } = wish.phone;
    report.tell({ event: 'registering', sentence: `Registering ${user} at ${server} …` });
    // A refusal has been told by then.
    const outcome = await Promise.race([phone.register(), interrupted]);
    if (!outcome?.ok) {
      await phone.close();
      return FAILED;
    }
  }
  if (!wish.registers) {
    const sentence = `Listening as ${phone.uri}`;
    report.tell({ event: 'listening', uri: phone.uri, sentence });
  }
  const prompt = openPrompt(desk, report);
  const dialled = wish.dial === undefined ? undefined : desk.dial(wish.dial);
  const isOver = dialled ?? new Promise<never>(() => {});
  await Promise.race([isOver, prompt.ended, interrupted]);
  prompt.close();
  await phone.close();
  await desk.settle();
  return dialled === undefined ? DONE : exitCodeOf(await dialled);
}

function exitCodeOf({ wasAnswered, status }: CallEnding): number {
  if (!wasAnswered) return NOT_ANSWERED;
  return status === undefined ? DONE : BROKEN_OFF;
}
