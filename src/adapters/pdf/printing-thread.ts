import { parentPort } from 'node:worker_threads';
import type { BillingDocument } from '../../domain/billing/documents/index.ts';
import { loadFonts } from './fonts.ts';
import { printDocument } from './print-document.ts';

/** What the thread is asked, and what it answers: one for one, in order. */
export type PrintingRequest = BillingDocument;
export type PrintingAnswer = { readonly pdf: Uint8Array } | { readonly failure: string };

const fonts = loadFonts();
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (document: PrintingRequest) => {
  last = last.then(async () => {
    parentPort?.postMessage(await answerTo(document));
  });
});

async function answerTo(document: BillingDocument): Promise<PrintingAnswer> {
  try {
    return { pdf: await printDocument(document, await fonts) };
  } catch (failure) {
    return { failure: failure instanceof Error ? (failure.stack ?? failure.message) : String(failure) };
  }
}
