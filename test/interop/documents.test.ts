import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDocumentPrinter } from '../../src/adapters/pdf/index.ts';
import {
  type DocumentContent,
  printGrouped,
  soundDocument,
} from '../../src/domain/billing/documents/index.ts';
import { money, receipt, SELLER, statement } from '../support/documents/sample-documents.ts';
import { describeWith } from '../support/phones/peers.ts';
import { accepted } from '../support/service-world.ts';

/** Where a word stands on its page, in points. */
type Word = { readonly text: string; readonly left: number; readonly right: number; readonly bottom: number };

/** A4 without its margins: nothing is printed outside. */
const RIGHT = 540;
const LEFT = 55;
const BOTTOM = 842 - 30;

describeWith(['pdftotext', 'pdftoppm', 'pdffonts'], 'R24: documents as another program reads them', () => {
  let folder = '';
  const printer = createDocumentPrinter();
  let count = 0;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'omnidial-documents-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Prints a document. @returns the file's path */
  async function print(content: DocumentContent, number = 'R-2026-000123'): Promise<string> {
    const path = join(folder, `${++count}.pdf`);
    writeFileSync(path, accepted(await printer.toPdf({ ...soundDocument(content), number })));
    return path;
  }

  function textOf(path: string, ...options: string[]): string {
    const { stdout, stderr } = spawnSync('pdftotext', ['-layout', ...options, path, '-'], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    expect(stderr).toBe('');
    return stdout;
  }

  function wordsOf(path: string): readonly Word[] {
    const html = execFileSync('pdftotext', ['-bbox', path, '-'], { encoding: 'utf8', maxBuffer: 2 ** 26 });
    const words = html.matchAll(
      /<word xMin="([-\d.]+)" yMin="[-\d.]+" xMax="([-\d.]+)" yMax="([-\d.]+)">([^<]*)</g,
    );
    return [...words].map(([, left, right, bottom, text = '']) => ({
      text,
      left: Number(left),
      right: Number(right),
      bottom: Number(bottom),
    }));
  }

  function expectInside(path: string): void {
    const outside = wordsOf(path).filter(
      ({ left, right, bottom }) => left < LEFT || right > RIGHT || bottom > BOTTOM,
    );
    expect(outside).toEqual([]);
  }

  it('a receipt in Korean: its words, its sums, its fonts embedded as subsets', async () => {
    const path = await print(receipt());
    const text = textOf(path);
    for (const part of [
      '영수증',
      'R-2026-000123',
      '2026년 11월 25일',
      '옴니다이얼 주식회사',
      '사업자등록번호 123-45-67890',
      '김미나',
      '전화번호 02-6200-6200-082, 1년',
      '계좌 이체',
      'OMNI-7Q4K',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(/공급가액\s+50,000\n/);
    expect(text).toMatch(/부가가치세 10%\s+5,000\n/);
    expect(text).toMatch(/합계\s+₩55,000\n/);
    const fonts = execFileSync('pdffonts', [path], { encoding: 'utf8' }).split('\n').slice(2, -1);
    expect(fonts).toHaveLength(2);
    for (const font of fonts) expect(font).toMatch(/NotoSansKR-\w+ .*Identity-H +yes yes yes/);
    expect(readFileSync(path).length).toBeLessThan(100_000);
    expectInside(path);
  });

  it('an invoice in English, with tax on top', async () => {
    const path = await print(
      receipt({
        kind: 'invoice',
        language: 'en',
        dueAtMs: Date.UTC(2026, 11, 9, 3),
        taxIs: 'added',
        taxes: [{ name: 'VAT', ratePerMillion: 100_000, net: money(55_000), tax: money(5_500) }],
        total: money(60_500),
      }),
      'I-2026-000007',
    );
    const text = textOf(path);
    expect(text).toMatch(/Invoice\s+Number\s+I-2026-000007/);
    expect(text).toMatch(/Due by\s+9 December 2026/);
    expect(text).toMatch(/Net\s+55,000\n\s*VAT 10%\s+5,500\n/);
    expect(text).toMatch(/Amount due\s+KRW 60,500\n/);
    expect(text).not.toContain('include the tax');
  });

  it('R23: a statement of 2 000 lines has all of them, each once, on numbered pages with their head', async () => {
    const content = statement(2_000);
    const path = await print(content, 'S-2026-000001');
    const pages = textOf(path).split('\f').slice(0, -1);
    pages.forEach((page, at) => {
      expect(page).toContain(`${at + 1} / ${pages.length}`);
      expect(page).toContain('S-2026-000001');
    });
    const rows = pages.flatMap((page) =>
      [...page.matchAll(/^Destination (\d+) .*?([\d,]+)$/gm)].map(([, place, amount]) => [place, amount]),
    );
    expect(rows).toEqual(content.lines.map(({ amount }, at) => [String(at + 1), printGrouped(amount)]));
    const withRows = pages.filter((page) => page.includes('Destination '));
    expect(
      withRows.every((page) => /^Description\s+Quantity\s+Unit price\s+Amount \(KRW\)$/m.test(page)),
    ).toBe(true);
    expect(pages.at(-1)).toContain(`KRW ${printGrouped(content.total)}`);
    expectInside(path);
  });

  it.each<[string, string]>([
    ['one word of 500 letters', 'W'.repeat(500)],
    ['one word of 500 syllables', '뷁'.repeat(500)],
    ['controls and breaks', `a\u0000b\u0007c\r\n\f\u2028d${'\n'.repeat(100)}e`],
    ['right to left, and marks that turn text', '\u202Eمرحبا بالعالم\u202C שלום \u2066x\u2069'],
    ['emoji', '👨‍👩‍👧‍👦 😀🏳️‍🌈'.repeat(20)],
    ['accents upon accents', `Z${'\u0301\u0327'.repeat(200)} Erdős Łódź İstanbul`],
    ['half of a pair', 'a\uD800b\uDC00c'],
    ['what means something in PDF', '(un\\balanced)) endstream endobj << /Type /Catalog >> %%EOF'],
    ['what means something in HTML', '<script>alert(1)</script> &amp; "quotes"'],
  ])('hostile text stays on its page: %s', async (_, text) => {
    const line = { description: text, amount: money(55_000) };
    const path = await print(
      receipt({
        seller: { ...SELLER, name: text, addressLines: Array.from({ length: 20 }, () => text) },
        buyer: { name: text, addressLines: Array.from({ length: 20 }, () => text), taxNumber: text },
        lines: [line, { ...line, amount: money(-55_000) }, line],
        taxes: [{ name: text, ratePerMillion: 100_000, net: money(50_000), tax: money(5_000) }],
        total: money(55_000),
        corrects: text,
        payment: { method: 'card', reference: text, paidAtMs: 0 },
        notes: Array.from({ length: 20 }, () => text),
      }),
    );
    expect(textOf(path)).toMatch(/합계\s+₩55,000\n/);
    expectInside(path);
    // A renderer complains where the file is broken.
    const drawn = spawnSync('pdftoppm', ['-r', '20', '-png', path, join(folder, 'page')], {
      encoding: 'utf8',
    });
    expect([drawn.status, drawn.stderr]).toEqual([0, '']);
  });
});
