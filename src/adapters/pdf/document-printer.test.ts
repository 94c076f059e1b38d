import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { receipt } from '../../../test/support/documents/sample-documents.ts';
import { accepted } from '../../../test/support/service-world.ts';
import type { BillingDocument } from '../../domain/billing/documents/index.ts';
import { createDocumentPrinter } from './index.ts';

const DOCUMENT = { ...receipt(), number: 'R-2026-000123' };

describe('R24: a document as PDF', () => {
  it('is the same bytes each time, also from another printer, and small', async () => {
    const printer = createDocumentPrinter();
    const [first, second] = [
      accepted(await printer.toPdf(DOCUMENT)),
      accepted(await printer.toPdf(DOCUMENT)),
    ];
    const third = accepted(await createDocumentPrinter().toPdf(DOCUMENT));
    expect(Buffer.compare(first, second)).toBe(0);
    expect(Buffer.compare(first, third)).toBe(0);
    expect(Buffer.from(first).toString('latin1', 0, 8)).toBe('%PDF-1.7');
    expect(first.length).toBeLessThan(100_000);
    const other = accepted(await printer.toPdf({ ...DOCUMENT, number: 'R-2026-000124' }));
    expect(Buffer.compare(first, other)).not.toBe(0);
  });

  it('of many asked for at once each is the right one, and those beyond fifty are refused', async () => {
    const printer = createDocumentPrinter();
    const documents = Array.from({ length: 52 }, (_, at) => ({ ...DOCUMENT, number: `R-2026-${at}` }));
    const results = await Promise.all(documents.map((document) => printer.toPdf(document)));
    expect(results.map(({ ok }) => ok)).toEqual(documents.map((_, at) => at < 50));
    expect(results[51]).toMatchObject({ refusal: { code: 'service-unavailable' } });
    const again = accepted(await printer.toPdf(documents[49] as BillingDocument));
    expect(Buffer.compare(accepted(results[49] as (typeof results)[0]), again)).toBe(0);
  });

  it('one that cannot be printed fails alone', async () => {
    const printer = createDocumentPrinter();
    const [broken, sound] = await Promise.allSettled([
      printer.toPdf({ ...DOCUMENT, timeZone: 'Asia/Nowhere' }),
      printer.toPdf(DOCUMENT),
    ]);
    expect([broken.status, sound.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('keeps no process from ending', () => {
    const here = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const program = `
      import { createDocumentPrinter } from ${here('./index.ts')};
      import { receipt } from ${here('../../../test/support/documents/sample-documents.ts')};
      const held = setInterval(() => {}, 1_000);
      const { ok } = await createDocumentPrinter().toPdf({ ...receipt(), number: 'R-2026-000123' });
      clearInterval(held);
      console.log(ok);
    `;
    const options = { encoding: 'utf8', timeout: 30_000 } as const;
    const ended = spawnSync(process.execPath, ['--input-type=module', '--eval', program], options);
    expect([ended.status, ended.stdout]).toEqual([0, 'true\n']);
  }, 40_000);
});
