/** Documents on paper. */
export { createDocumentPrinter } from './document-printer.ts';
