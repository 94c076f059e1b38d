import { Worker } from 'node:worker_threads';
import { accept, refuse } from '../../domain/refusal/index.ts';
import type { DocumentPrinter } from '../../services/ports/index.ts';
import type { PrintingAnswer } from './printing-thread.ts';

/** More would keep the last one waiting for seconds, and could be asked for by anybody who has a document. */
const MOST_WAITING = 50;

type Waiting = {
  readonly resolve: (pdf: Uint8Array) => void;
  readonly reject: (failure: Error) => void;
};

/**
 * Prints documents on A4 as PDF, one after the other, in a thread of its own: one takes 50 ms and a statement of
 * thousands of lines ten times as long, in which no call of this process must stand still. The thread is started when
 * the first one is asked for, and keeps no process from ending.
 */
export function createDocumentPrinter(): DocumentPrinter {
  let thread: Worker | undefined;
  /** In the order in which they were asked for, which is that of the answers. */
  let waiting: Waiting[] = [];

  const start = () => {
    const started = new Worker(new URL('./printing-thread.ts', import.meta.url), { execArgv: [] });
    started.on('message', (answer: PrintingAnswer) => {
      const asked = waiting.shift();
      if ('pdf' in answer) asked?.resolve(answer.pdf);
      else asked?.reject(new Error(answer.failure));
    });
    started.on('error', (failure) => abandon(started, failure as Error));
    started.on('exit', () => abandon(started, new Error('The thread that prints documents ended.')));
    // After the listeners: to listen holds the process again.
    started.unref();
    return started;
  };

  /** What a thread that ended was asked for fails; the next document starts another one. */
  const abandon = (ended: Worker, failure: Error) => {
    if (thread !== ended) return;
    thread = undefined;
    const lost = waiting;
    waiting = [];
    for (const { reject } of lost) reject(failure);
  };

  return {
    async toPdf(document) {
      if (waiting.length >= MOST_WAITING) {
        return refuse('service-unavailable', 'Many documents are being printed: try again in a few seconds.');
      }
      const printed = new Promise<Uint8Array>((resolve, reject) => waiting.push({ resolve, reject }));
      thread ??= start();
      thread.postMessage(document);
      return accept(await printed);
    },
  };
}
