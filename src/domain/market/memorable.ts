/** How many digits at the end make a number easy or hard to remember. */
const TAIL = 4;

/**
 * Whether a number is easily remembered by its last four digits: all the same (7777), two pairs or a repeated pair
 * (6600, 6262), mirrored (6226), or in steps of one (1234, 4321).
 */
export function isMemorable(subscriber: string): boolean {
  const [a = '', b = '', c = '', d = ''] = subscriber.slice(-TAIL);
  const isPaired = (a === b && c === d) || (a === c && b === d) || (a === d && b === c);
  return isPaired || inSteps(subscriber.slice(-TAIL), 1) || inSteps(subscriber.slice(-TAIL), -1);
}

function inSteps(digits: string, step: number): boolean {
  return [...digits].every((digit, at) => at === 0 || Number(digit) - Number(digits[at - 1]) === step);
}
