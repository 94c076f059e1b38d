import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money, receipt, statement, VAT } from '../../../../test/support/documents/sample-documents.ts';
import { checkDocument, soundDocument } from './check-document.ts';
import type { DocumentContent } from './document.ts';
import { taxed } from './tax.ts';

function pointersOf(content: DocumentContent): readonly string[] {
  const checked = checkDocument(content);
  return checked.ok ? [] : (checked.refusal.faults ?? []).map(({ pointer }) => pointer);
}

describe('R24: a document adds up', () => {
  it('takes what does, with tax included, added, or none', () => {
    const { lines } = receipt();
    expect(checkDocument(receipt())).toEqual({ ok: true, value: receipt() });
    expect(pointersOf(receipt(taxed(money(55_000), { ...VAT, taxIs: 'added' })))).toEqual([]);
    expect(pointersOf(receipt({ lines, ...taxed(money(55_000), undefined) }))).toEqual([]);
    expect(pointersOf(statement(40))).toEqual([]);
  });

  it.each<[string, Partial<DocumentContent>, readonly string[]]>([
    ['another total', { total: money(54_000) }, ['/total', '/total']],
    [
      'lines that make another sum',
      { lines: [{ description: 'x', amount: money(1) }], ...taxed(money(55_000), VAT) },
      ['/total'],
    ],
    ['lines that are not the net', { ...taxed(money(50_000), { ...VAT, taxIs: 'added' }) }, ['/taxes']],
    [
      'a tax that is not its rate',
      { taxes: [{ name: 'VAT', ratePerMillion: 100_000, net: money(50_001), tax: money(4_999) }] },
      ['/taxes/0/tax'],
    ],
    ['two currencies', { total: money(55_000, 'JPY') }, ['/total']],
    [
      'a price of one that does not make the amount',
      {
        lines: [
          {
            description: 'x',
            quantity: { count: 2n, unit: 'year' },
            unitPrice: money(55_000),
            amount: money(55_000),
          },
        ],
      },
      ['/lines/0/amount'],
    ],
    [
      'less than nothing',
      { lines: [{ description: 'x', amount: money(-10) }], ...taxed(money(-10), VAT) },
      ['/total'],
    ],
    [
      'half a won',
      {
        lines: [{ description: 'x', amount: { currency: 'KRW', micros: 500_000n } }],
        ...taxed({ currency: 'KRW', micros: 500_000n }, undefined),
      },
      ['/total'],
    ],
    ['a note too many', { notes: Array.from({ length: 21 }, () => 'x') }, ['/notes']],
    ['no time zone', { timeZone: 'Asia/Nowhere' }, ['/timeZone']],
    ['no time', { issuedAtMs: Number.NaN }, ['/issuedAtMs']],
    ['a period that ends before it begins', { period: { fromMs: 2, untilMs: 1 } }, ['/period']],
    ['no name', { buyer: { name: ' ', addressLines: [] } }, ['/buyer/name']],
    [
      'a name of a thousand letters',
      { seller: { name: 'x'.repeat(1_000), addressLines: [] } },
      ['/seller/name'],
    ],
  ])('refuses %s', (_, changes, pointers) => {
    expect(pointersOf(receipt(changes))).toEqual(pointers);
    expect(() => soundDocument(receipt(changes))).toThrow(/^The document cannot be issued/);
  });

  it('takes the tax of lines that were taxed one by one: a coin a line', () => {
    const lines = Array.from({ length: 3 }, () => ({ description: 'x', amount: money(5) }));
    const taxes = (tax: number) => [
      { name: 'VAT', ratePerMillion: 100_000, net: money(15 - tax), tax: money(tax) },
    ];
    expect(pointersOf(receipt({ lines, taxes: taxes(3), total: money(15) }))).toEqual([]);
    expect(pointersOf(receipt({ lines, taxes: taxes(4), total: money(15) }))).toEqual(['/taxes/0/tax']);
  });

  it('whatever is taken adds up, and one coin more or less is refused', () => {
    const amounts = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(amounts, fc.boolean(), fc.constantFrom(-1n, 1n), (coins, isAdded, off) => {
        const lines = coins.map((each) => ({ description: 'x', amount: money(each) }));
        const sum = money(coins.reduce((all, each) => all + each, 0n));
        const sums = taxed(sum, { ...VAT, taxIs: isAdded ? 'added' : 'included' });
        const content = receipt({ lines, ...sums });
        expect(pointersOf(content)).toEqual([]);
        const total = { ...sums.total, micros: sums.total.micros + off * 1_000_000n };
        expect(pointersOf({ ...content, total })).toContain('/total');
      }),
    );
  });
});
