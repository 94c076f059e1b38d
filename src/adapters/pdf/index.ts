import type { DocumentPrinter } from '../../services/ports/index.ts';
import { loadFonts } from './fonts.ts';
import { printDocument } from './print-document.ts';

/** Documents on paper: A4 as PDF. The letters are read from their files when the first one is printed. */
export function createDocumentPrinter(): DocumentPrinter {
  let fonts: ReturnType<typeof loadFonts> | undefined;
  return {
    async toPdf(document) {
      fonts ??= loadFonts();
      return printDocument(document, await fonts);
    },
  };
}
