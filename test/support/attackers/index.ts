export { type HalfOpen, openHalf } from './half-open.ts';
export { mutate, seededRandom } from './mutations.ts';
export { type Attack, enumerate, flood, guessPasswords, ping, scan } from './sipvicious.ts';
export { type StrangeMessage, strangeMessages } from './strange-messages.ts';
