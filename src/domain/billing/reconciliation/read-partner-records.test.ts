import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PartnerRecords, type RecordWriting, readPartnerRecords } from './read-partner-records.ts';

const SEOUL: RecordWriting = {
  timeZone: 'Asia/Seoul',
  numbers: { kind: 'telephone', country: 'KR' },
  currency: 'KRW',
};

function read(text: string, writing: Partial<RecordWriting> = {}): PartnerRecords | string {
  const reading = readPartnerRecords(text, { ...SEOUL, ...writing });
  for (;;) {
    const { done, value } = reading.next();
    if (done === true) return value.ok ? value.value : `${value.refusal.code}: ${value.refusal.detail}`;
  }
}

function records(text: string, writing: Partial<RecordWriting> = {}): PartnerRecords {
  const outcome = read(text, writing);
  if (typeof outcome === 'string') throw new Error(outcome);
  return outcome;
}

const AT_MS = Date.parse('2026-10-31T14:59:59Z');

describe('call records of another network', () => {
  it('R23: are read by their heading, with commas', () => {
    expect(
      records(
        'A-Number,B-Number,Answer Time,Duration,Cost\n+82 2-6200-6200,442079460000,2026-10-31 23:59:59,75,0.0125\n',
      ),
    ).toEqual({
      calls: [
        {
          line: 2,
          caller: '82262006200',
          called: '442079460000',
          startedAtMs: AT_MS,
          durationMs: 75_000,
          price: { micros: 12_500n, roundedByMicros: 50n },
        },
      ],
      faults: [],
      faulty: 0,
      unanswered: 0,
    });
  });

  it.each([
    [
      'semicolons',
      'src;dst;calldate;billsec;price\n0262006200;0044 20 7946 0000;31.10.2026 23:59:59;75,0;0,0125',
    ],
    [
      'tabs',
      'from\tto\tstart\tseconds\tamount\n02-6200-6200\t+442079460000\t2026/10/31 23:59:59\t0:01:15\t0.0125',
    ],
    [
      'a byte order mark and quotes',
      '\uFEFF"caller","called","start","duration","price"\r\n"sip:+82262006200@kt.example","tel:+442079460000","2026-10-31T14:59:59Z","1:15","0.0125"\r\n',
    ],
    [
      'seconds since 1970',
      `caller,called,start,duration,cost\n82262006200,442079460000,${AT_MS / 1_000},75,0.0125`,
    ],
    [
      'an offset',
      'ani,dnis,connect_time,duration,cost\n82262006200,442079460000,2026-10-31T15:59:59+01:00,75,0.0125',
    ],
    [
      'date and time apart',
      'caller,called,date,time,duration,cost\n82262006200,442079460000,2026-10-31,23:59:59,75,0.0125',
    ],
    ['packed times', 'caller,called,start,duration,cost\n82262006200,442079460000,20261031235959,75,0.0125'],
  ])('R23: are read with %s', (_, text) => {
    const [call] = records(text).calls;
    expect(call).toMatchObject({
      caller: '82262006200',
      called: '442079460000',
      startedAtMs: AT_MS,
      durationMs: 75_000,
    });
    expect(call?.price?.micros).toBe(12_500n);
  });

  it('R23: columns of unusual names are named', () => {
    const text = 'wer,wen,wann,wie lange\n82262006200,442079460000,2026-10-31 23:59:59,75';
    expect(read(text)).toBe(
      'records-unreadable: No column has the called number: call it called, or say which one it is.',
    );
    const columns = { caller: 'Wer', called: 'wen', start: 'wann', duration: 'Wie lange' };
    expect(records(text, { columns }).calls).toHaveLength(1);
    expect(read(text, { columns: { ...columns, price: 'Preis' } })).toMatch(/no column "Preis"/);
  });

  it('R23: dates that may be read in two ways are asked for, and one clear date decides', () => {
    const head = 'called,start,duration\n';
    const unclear = `${head}442079460000,03/04/2026 00:00:00,1\n`;
    expect(read(unclear)).toMatch(/day or with the month/);
    const at = (text: string, writing: Partial<RecordWriting> = {}) =>
      new Date(records(text, { timeZone: 'Etc/UTC', ...writing }).calls[0]?.startedAtMs ?? 0)
        .toISOString()
        .slice(0, 10);
    expect(at(unclear, { dateOrder: 'month-first' })).toBe('2026-03-04');
    expect(at(`${unclear}442079460000,31/04/2026 00:00:00,1\n`)).toBe('2026-04-03');
    expect(at(`${unclear}442079460000,03/31/2026 00:00:00,1\n`)).toBe('2026-03-04');
  });

  it('R23: every bad line is named, and the others are used', () => {
    const { calls, faults, faulty, unanswered } = records(
      [
        'caller,called,start,duration,price,currency',
        '82262006200,442079460000,2026-10-31 23:59:59,75,0.01,KRW',
        '82262006200,anonymous,2026-10-31 23:59:59,75,0.01,KRW',
        '82262006200,442079460000,2026-02-30 23:59:59,75,0.01,KRW',
        '82262006200,442079460000,2026-10-31 23:59:59,soon,0.01,KRW',
        '82262006200,442079460000,2026-10-31 23:59:59,75,cheap,KRW',
        '82262006200,442079460000,2026-10-31 23:59:59,75,0.01,USD',
        '82262006200,"442079460000,2026-10-31 23:59:59,75,0.01,KRW',
        '82262006200,442079460000,2026-10-31 23:59:59,0,0.00,KRW',
        '',
        'anonymous,442079460000,2026-10-31 23:59:59,75,,',
      ].join('\n'),
    );
    expect(calls.map(({ line }) => line)).toEqual([2, 11]);
    expect(calls[1]?.caller).toBeUndefined();
    expect([faulty, unanswered]).toEqual([6, 1]);
    expect(faults.map(({ line, detail }) => `${line} ${detail}`)).toEqual([
      '3 The called number "anonymous" has no digits.',
      '4 The time "2026-02-30 23:59:59" cannot be read: write it as 2026-10-31 23:59:59.',
      '5 The duration "soon" cannot be read: write seconds, or hours, minutes and seconds as 1:02:03.',
      '6 The price "cheap" has to be an amount such as 0.0125.',
      '7 The price is in USD, not KRW.',
      '8 A quote is left open.',
    ]);
  });

  it('R23: clocks that change are followed', () => {
    const text =
      'called,start,duration\n1,2026-10-25 00:30:00,1\n1,2026-10-25 03:30:00,1\n1,2026-03-29 03:30:00,1';
    expect(
      records(text, { timeZone: 'Europe/London' }).calls.map(({ startedAtMs }) =>
        new Date(startedAtMs).toISOString(),
      ),
    ).toEqual(['2026-10-24T23:30:00.000Z', '2026-10-25T03:30:00.000Z', '2026-03-29T02:30:00.000Z']);
  });

  it('R23: whatever a file holds, it is read or refused', () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        'called',
        'start',
        'duration',
        '2026-10-31 23:59:59',
        '9999-99-99 99:99:99',
        '1:2:3',
        '"',
        '-',
        '1e9',
      ),
    );
    const file = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 8 });
    fc.assert(
      fc.property(file, fc.constantFrom(',', ';', '\t'), (lines, separator) => {
        const text = `called${separator}start${separator}duration\n${lines.map((cells) => cells.join(separator)).join('\n')}`;
        const outcome = read(text);
        if (typeof outcome === 'string') expect(outcome).toMatch(/^records-unreadable/);
        else
          expect(
            outcome.calls.every(({ startedAtMs, durationMs }) => startedAtMs >= 0 && durationMs > 0),
          ).toBe(true);
      }),
    );
  });

  it('R23: numbers of another operator are compared by their digits', () => {
    const text = 'called,start,duration\n070-123,2026-10-31 23:59:59,1';
    expect(records(text, { numbers: { kind: 'as-written' } }).calls[0]?.called).toBe('070123');
  });
});
