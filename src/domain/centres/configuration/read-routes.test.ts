import { describe, expect, it } from 'vitest';
import { type RoutesReading, readRoutes } from './index.ts';

function read(text: string): RoutesReading {
  const steps = readRoutes('kt', text);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

describe('R14: routes of a carrier from CSV', () => {
  it('reads them, with or without a header, priority and weight', () => {
    const text =
      '\uFEFFprefix,cost_per_minute,currency,priority,weight\r\n8210,0.0125,USD,5,50\r\n\r\n# later\r\n1,12,KRW\r\n';
    expect(read(text)).toEqual({
      ok: true,
      routes: [
        { trunk: 'kt', prefix: '8210', costPerMinute: 12_500n, currency: 'USD', priority: 5, weight: 50 },
        { trunk: 'kt', prefix: '1', costPerMinute: 12_000_000n, currency: 'KRW', priority: 10, weight: 100 },
      ],
    });
  });

  it.each([
    ['5.41144E+11,1,KRW', 'The prefix'],
    ['+82,1,KRW', 'The prefix'],
    ['82,1,5,KRW', 'The currency'],
    ['82,-1,KRW', 'The cost'],
    ['82,0.1234567,KRW', 'The cost'],
    ['82,1,XYZ', 'The currency'],
    ['82,1,KRW,-1', 'The priority'],
    ['82,1,KRW,1,0', 'The weight'],
    ['82', 'A line has'],
  ])('refuses %s', (line, why) => {
    expect(read(`1,1,KRW\n${line}`)).toEqual({
      ok: false,
      faults: [{ line: 2, detail: expect.stringContaining(why) }],
    });
  });

  it('reports each wrong line, one that comes twice too, and a hundred at most', () => {
    const wrong = read('82,1,KRW\nx\n82,2,KRW\ny');
    expect(wrong.ok ? [] : wrong.faults.map(({ line }) => line)).toEqual([2, 3, 4]);
    const endless = read('x\n'.repeat(1_000));
    expect(endless.ok ? [] : endless.faults).toHaveLength(100);
  });
});
