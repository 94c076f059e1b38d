import { describe, expect, it } from 'vitest';
import { isCurrency } from './money-currency.ts';
import type { Rate } from './rate.ts';
import { billedSeconds, priceMicros } from './rating.ts';

/*
 * Worked out by hand, for accountants to check the program by, and never to be made anew by it.
 *
 * rate      a minute
 * steps     the first seconds that are billed at least / the steps of the rest
 * fee       once a call
 * least     the least that a call costs which costs anything
 * free      so many seconds are not billed, and a call that ends within them costs nothing
 * duration  of the conversation in seconds; - where nobody answered
 *
 * price = fee + billed / 60 × rate, rounded once to six decimals, a half upwards.
 */
const GOLDEN = `
currency | rate     | steps   | fee   | least | free | duration | billed | price

The vectors of cgrates#118, and what is around them: 30 s at least, then steps of 6 s.
USD      | 0.006    | 30/6    | 0     | 0     | 0    | -        | 0      | 0
USD      | 0.006    | 30/6    | 0     | 0     | 0    | 0        | 30     | 0.003
USD      | 0.006    | 30/6    | 0     | 0     | 0    | 1        | 30     | 0.003
USD      | 0.006    | 30/6    | 0     | 0     | 0    | 30       | 30     | 0.003
USD      | 0.006    | 30/6    | 0     | 0     | 0    | 30.001   | 36     | 0.0036
USD      | 0.006    | 30/6    | 0     | 0     | 0    | 32       | 36     | 0.0036
USD      | 0.006    | 30/6    | 0     | 0     | 0    | 36       | 36     | 0.0036
USD      | 0.006    | 30/6    | 0     | 0     | 0    | 37       | 42     | 0.0042
USD      | 0.006    | 30/6    | 0     | 0     | 0    | 57       | 60     | 0.006
USD      | 0.006    | 30/6    | 0     | 0     | 0    | 61       | 66     | 0.0066
USD      | 0.006    | 30/6    | 0     | 0     | 0    | 75       | 78     | 0.0078
USD      | 0.006    | 30/6    | 0     | 0     | 0    | 3600     | 3600   | 0.36
USD      | 0.006    | 30/6    | 0     | 0     | 0    | 3601     | 3606   | 0.3606

By the second: a second that has begun counts.
USD      | 0.006    | 1/1     | 0     | 0     | 0    | 0.2      | 1      | 0.0001
USD      | 0.006    | 1/1     | 0     | 0     | 0    | 1.001    | 2      | 0.0002
USD      | 0.006    | 1/1     | 0     | 0     | 0    | 59       | 59     | 0.0059
USD      | 0.006    | 1/1     | 0     | 0     | 0    | 7261     | 7261   | 0.7261

By the minute.
USD      | 0.012    | 60/60   | 0     | 0     | 0    | 1        | 60     | 0.012
USD      | 0.012    | 60/60   | 0     | 0     | 0    | 60       | 60     | 0.012
USD      | 0.012    | 60/60   | 0     | 0     | 0    | 60.001   | 120    | 0.024
USD      | 0.012    | 60/60   | 0     | 0     | 0    | 119.999  | 120    | 0.024
USD      | 0.012    | 60/60   | 0     | 0     | 0    | 121      | 180    | 0.036
USD      | 5        | 60/60   | 0     | 0     | 0    | 3541     | 3600   | 300
EUR      | 0.0899   | 60/1    | 0     | 0     | 0    | 12       | 60     | 0.0899
EUR      | 0.0899   | 60/1    | 0     | 0     | 0    | 61       | 61     | 0.091398
EUR      | 0.0899   | 60/1    | 0     | 0     | 0    | 90       | 90     | 0.13485

Rounded once, at the end: a sixtieth of a cent is 166.67 millionths.
USD      | 0.01     | 1/1     | 0     | 0     | 0    | 1        | 1      | 0.000167
USD      | 0.01     | 1/1     | 0     | 0     | 0    | 2        | 2      | 0.000333
USD      | 0.01     | 1/1     | 0     | 0     | 0    | 7        | 7      | 0.001167
USD      | 0.01     | 1/1     | 0     | 0     | 0    | 100      | 100    | 0.016667
USD      | 0.0125   | 1/1     | 0     | 0     | 0    | 100      | 100    | 0.020833
USD      | 0.000001 | 1/1     | 0     | 0     | 0    | 29       | 29     | 0
USD      | 0.000001 | 1/1     | 0     | 0     | 0    | 30       | 30     | 0.000001
USD      | 0.000001 | 1/1     | 0     | 0     | 0    | 89       | 89     | 0.000001
USD      | 0.000001 | 1/1     | 0     | 0     | 0    | 90       | 90     | 0.000002

A fee is asked once, of answered calls only.
USD      | 0.05     | 60/60   | 0.01  | 0     | 0    | -        | 0      | 0
USD      | 0.05     | 60/60   | 0.01  | 0     | 0    | 1        | 60     | 0.06
USD      | 0.05     | 60/60   | 0.01  | 0     | 0    | 61       | 120    | 0.11
USD      | 0        | 1/1     | 0.02  | 0     | 0    | 500      | 500    | 0.02
USD      | 0        | 60/60   | 0     | 0     | 0    | 100      | 120    | 0

The least that a call costs.
USD      | 0.006    | 1/1     | 0     | 0.005 | 0    | -        | 0      | 0
USD      | 0.006    | 1/1     | 0     | 0.005 | 0    | 1        | 1      | 0.005
USD      | 0.006    | 1/1     | 0     | 0.005 | 0    | 50       | 50     | 0.005
USD      | 0.006    | 1/1     | 0     | 0.005 | 0    | 51       | 51     | 0.0051
USD      | 0.006    | 1/1     | 0.003 | 0.005 | 0    | 10       | 10     | 0.005
USD      | 0.006    | 1/1     | 0.003 | 0.005 | 0    | 30       | 30     | 0.006

Free seconds.
USD      | 0.06     | 1/1     | 0     | 0     | 10   | 5        | 0      | 0
USD      | 0.06     | 1/1     | 0     | 0     | 10   | 10       | 0      | 0
USD      | 0.06     | 1/1     | 0     | 0     | 10   | 10.001   | 1      | 0.001
USD      | 0.06     | 1/1     | 0     | 0     | 10   | 70       | 60     | 0.06
USD      | 0.06     | 1/1     | 0.01  | 0     | 10   | 10       | 0      | 0
USD      | 0.06     | 1/1     | 0.01  | 0     | 10   | 11       | 1      | 0.011
USD      | 0.06     | 60/60   | 0     | 0     | 10   | 11       | 60     | 0.06
USD      | 0.06     | 60/60   | 0     | 0     | 10   | 70       | 60     | 0.06
USD      | 0.06     | 60/60   | 0     | 0     | 10   | 71       | 120    | 0.12
USD      | 0.06     | 1/1     | 0     | 0.005 | 10   | 10       | 0      | 0
USD      | 0.06     | 1/1     | 0     | 0.005 | 10   | 12       | 2      | 0.005

Won: no smaller coin, and yet parts of a won in a price of seconds.
KRW      | 118.8    | 1/1     | 0     | 0     | 0    | 1        | 1      | 1.98
KRW      | 118.8    | 1/1     | 0     | 0     | 0    | 60       | 60     | 118.8
KRW      | 118.8    | 10/10   | 0     | 0     | 0    | 1        | 10     | 19.8
KRW      | 118.8    | 10/10   | 0     | 0     | 0    | 11       | 20     | 39.6
KRW      | 13       | 180/180 | 0     | 0     | 0    | 1        | 180    | 39
KRW      | 13       | 180/180 | 0     | 0     | 0    | 181      | 360    | 78
KRW      | 12.5     | 1/1     | 0     | 0     | 0    | 7        | 7      | 1.458333
KRW      | 55       | 60/60   | 100   | 0     | 5    | 6        | 60     | 155

Yen.
JPY      | 8.8      | 180/180 | 0     | 0     | 0    | 1        | 180    | 26.4
JPY      | 8.8      | 180/180 | 0     | 0     | 0    | 181      | 360    | 52.8
JPY      | 22       | 30/30   | 0     | 0     | 0    | 31       | 60     | 22
JPY      | 22       | 30/30   | 0     | 0     | 0    | 61       | 90     | 33
JPY      | 17.6     | 1/1     | 0     | 0     | 0    | 10       | 10     | 2.933333
JPY      | 17.6     | 1/1     | 0     | 10    | 0    | 10       | 10     | 10

Dinar of Kuwait: a thousand fils.
KWD      | 0.025    | 60/60   | 0     | 0     | 0    | 1        | 60     | 0.025
KWD      | 0.025    | 60/60   | 0     | 0     | 0    | 61       | 120    | 0.05
KWD      | 0.025    | 1/1     | 0     | 0     | 0    | 10       | 10     | 0.004167
KWD      | 0.0375   | 6/6     | 0     | 0     | 0    | 7        | 12     | 0.0075
KWD      | 0.0375   | 6/6     | 0.005 | 0     | 0    | 7        | 12     | 0.0125

A whole day.
USD      | 0.05     | 1/1     | 0     | 0     | 0    | 86400    | 86400  | 72
`;

const rows = GOLDEN.split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([currency = '']) => isCurrency(currency));

function micros(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
}

describe('R23: what calls cost, as an accountant works it out', () => {
  it('has at least sixty rows', () => {
    expect(rows.length).toBeGreaterThanOrEqual(60);
  });

  it.each(rows)('%s %s a minute, %s, fee %s, least %s, free %s: %s s, billed %s s, costs %s', (...cells) => {
    const [currency = '', perMinute = '', steps = '', fee = '', least = '', free = '', ...call] = cells;
    const [duration = '', billed = '', price = ''] = call;
    const [initial, next] = steps.split('/').map(Number);
    const rate: Rate = {
      currency: isCurrency(currency) ? currency : 'USD',
      perMinuteMicros: micros(perMinute),
      connectFeeMicros: micros(fee),
      initialIncrementSeconds: initial ?? 0,
      nextIncrementSeconds: next ?? 0,
      minimumMicros: micros(least),
      freeSeconds: Number(free),
    };
    const durationMs = duration === '-' ? undefined : Number(duration) * 1_000;
    expect(billedSeconds(rate, durationMs)).toBe(Number(billed));
    expect(priceMicros(rate, durationMs)).toBe(micros(price));
  });
});
