import { describe, expect, it } from 'vitest';
import { receipt } from '../../../test/support/documents/sample-documents.ts';
import { createDocumentPrinter } from './index.ts';

describe('R24: a document as PDF', () => {
  it('is the same bytes each time, also from another printer, and small', async () => {
    const document = { ...receipt(), number: 'R-2026-000123' };
    const printer = createDocumentPrinter();
    const [first, second] = [await printer.toPdf(document), await printer.toPdf(document)];
    const third = await createDocumentPrinter().toPdf(document);
    expect(Buffer.compare(first, second)).toBe(0);
    expect(Buffer.compare(first, third)).toBe(0);
    expect(Buffer.from(first).toString('latin1', 0, 8)).toBe('%PDF-1.7');
    expect(first.length).toBeLessThan(100_000);
    expect(Buffer.compare(first, await printer.toPdf({ ...document, number: 'R-2026-000124' }))).not.toBe(0);
  });
});
