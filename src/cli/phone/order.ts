import { closest } from '../closest.ts';

/** What a person, or a script, tells the phone in one line. */
export type Order =
  | { readonly kind: 'dial' | 'transfer' | 'press'; readonly text: string }
  | {
      readonly kind:
        | 'answer'
        | 'decline'
        | 'busy'
        | 'hang-up'
        | 'hold'
        | 'resume'
        | 'status'
        | 'help'
        | 'quit'
        | 'nothing';
    }
  | { readonly kind: 'unknown'; readonly detail: string };

export const ORDERS = `  dial TEXT       calls a number of any kind, an address, a domain, a sip: URI (or type the number alone)
  answer          takes the call that rings
  decline, busy   turn it away (603, 486)
  hang up         ends the call
  hold, resume    put the other side on hold, and take it back
  press 123#      presses keys (or type them alone while you talk)
  transfer TEXT   sends the other side elsewhere
  status          says what goes on
  help            this
  quit            ends the call, unregisters, and goes
`;

/** Every word that is understood; `+` says that something has to follow it. */
const WORDS: Readonly<Record<string, string>> = {
  dial: 'dial+',
  call: 'dial+',
  d: 'dial+',
  transfer: 'transfer+',
  t: 'transfer+',
  press: 'press+',
  digits: 'press+',
  keys: 'press+',
  answer: 'answer',
  a: 'answer',
  decline: 'decline',
  busy: 'busy',
  hangup: 'hang-up',
  hang: 'hang-up',
  h: 'hang-up',
  hold: 'hold',
  resume: 'resume',
  status: 'status',
  s: 'status',
  help: 'help',
  '?': 'help',
  quit: 'quit',
  exit: 'quit',
  q: 'quit',
};

/**
 * Reads a line.
 * @param isTalking what digits alone mean: keys of the call, or a number to dial
 */
export function readOrder(line: string, isTalking: boolean): Order {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  if (isTalking && /^[0-9*#]+$/.test(text)) return { kind: 'press', text };
  if (/^(?:[+\d]|sips?:)/i.test(text) || /^\S+@\S+$/.test(text)) return { kind: 'dial', text };
  const [word = '', ...others] = text.split(/\s+/);
  const rest = text.slice(word.length).trim();
  const meaning = WORDS[word.toLowerCase()];
  if (meaning === undefined) return { kind: 'unknown', detail: unknownWord(word) };
  if (meaning.endsWith('+')) {
    const kind = meaning.slice(0, -1) as 'dial' | 'transfer' | 'press';
    if (rest === '') return { kind: 'unknown', detail: `${word} what? As in: ${word} 6200-6200#082` };
    return { kind, text: kind === 'press' ? rest.replaceAll(' ', '').toUpperCase() : rest };
  }
  const isHangUp = meaning === 'hang-up' && others.join(' ').toLowerCase() === 'up';
  if (rest !== '' && !isHangUp) return { kind: 'unknown', detail: `${word} takes nothing after it.` };
  return { kind: meaning as Exclude<Order['kind'], 'dial' | 'transfer' | 'press' | 'unknown'> } as Order;
}

function unknownWord(word: string): string {
  const meant = closest(
    word.toLowerCase(),
    Object.keys(WORDS).filter((name) => name.length > 2),
  );
  const hint = meant[0] === undefined ? '' : ` Did you mean ${meant[0]}?`;
  return `"${word}" is no command.${hint} \`help\` lists them.`;
}
