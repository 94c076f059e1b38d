import { createInterface } from 'node:readline';
import { readOrder } from './order.ts';
import type { PhoneDesk } from './phone-desk.ts';
import type { Report } from './report.ts';

export type Prompt = {
  /** Resolves when a person or a script has said `quit`, or a person has closed the input. */
  readonly ended: Promise<void>;
  close(): void;
};

/**
 * Takes orders from the standard input, one a line. At a terminal it shows a prompt with the state, which steps
 * aside for what happens; a script that has no more to say leaves the phone as it is.
 */
export function openPrompt(desk: PhoneDesk, report: Report): Prompt {
  const isTerminal = process.stdin.isTTY === true;
  const lines = createInterface(
    isTerminal ? { input: process.stdin, output: process.stderr } : { input: process.stdin },
  );
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let isOpen = true;
  const show = () => {
    if (!isTerminal || !isOpen) return;
    lines.setPrompt(`${desk.state}> `);
    lines.prompt(true);
  };
  if (isTerminal) {
    report.around = { before: () => process.stderr.write('\r\u001b[K'), after: show };
    lines.on('SIGINT', end);
  }
  lines.on('line', (line) => {
    if (desk.obey(readOrder(line, desk.isTalking))) show();
    else end();
  });
  lines.on('close', () => {
    if (isTerminal) end();
  });
  show();
  return {
    ended,
    close: () => {
      isOpen = false;
      report.around = { before: () => {}, after: () => {} };
      lines.close();
    },
  };
}
