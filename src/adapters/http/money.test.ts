import { beforeAll, describe, expect, it } from 'vitest';
import { openTestFace, type TestFace } from '../../../test/support/http-face.ts';

type Headers = Record<string, string>;

let face: TestFace;
let operator: Headers;
let mina: Headers;
let other: Headers;
let memberId: string;
let keys = 0;

beforeAll(async () => {
  face = await openTestFace();
  operator = await face.as('operator');
  memberId = (await face.member('individual')).id;
  mina = await face.as('individual', memberId);
  other = await face.as('individual', (await face.member('individual')).id);
});

async function ask(method: 'GET' | 'POST', url: string, headers: Headers, payload?: object) {
  const once = { 'idempotency-key': `key ${++keys}`.replace(' ', '-') };
  const answer = await face.server.inject({
    method,
    url,
    headers: method === 'POST' ? { ...once, ...headers } : headers,
    ...(payload && { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
}

async function importStatement(bytes: string | Uint8Array, query = 'currency=KRW', headers = operator) {
  const answer = await face.server.inject({
    method: 'POST',
    url: `/v1/bank-statements?${query}`,
    headers: { ...headers, 'content-type': 'text/csv' },
    payload: Buffer.from(bytes),
  });
  return { status: answer.statusCode, body: answer.json() };
}

/** The bytes of a text in EUC-KR, found by what the decoder makes of each pair. */
function eucKr(text: string): Uint8Array {
  const decoder = new TextDecoder('euc-kr');
  const bytesOf = new Map<string, readonly number[]>();
  for (let first = 0xb0; first <= 0xc8; first += 1) {
    for (let second = 0xa1; second <= 0xfe; second += 1) {
      bytesOf.set(decoder.decode(Uint8Array.of(first, second)), [first, second]);
    }
  }
  return Uint8Array.from([...text].flatMap((letter) => bytesOf.get(letter) ?? [letter.charCodeAt(0)]));
}

async function topUp(amount: string, headers = mina) {
  return (await ask('POST', '/v1/top-ups', headers, { amount: { amount, currency: 'KRW' } })).body;
}

describe('R9: bank statements', () => {
  it('pay what they name, once, in UTF-8 or EUC-KR, and a dry run does nothing', async () => {
    const bill = await topUp('30000');
    expect(bill).toMatchObject({ kind: 'top-up', state: 'open', depositTo: { bank: 'Bank of Test' } });
    const reference = bill.paymentReference.toLowerCase().replace('-', ' ');
    const statement = `거래일시,적요,보낸분,출금액,입금액
2026.11.25 10:00,${reference} 김,김미나,0,"30,000"
2026.11.25 10:01,점심,이준호,0,"9,000"
2026.11.25 10:02,수수료,,500,0
2026.11.25 10:03,엉뚱,박,0,많이
`;
    const dry = await importStatement(statement, 'currency=KRW&dryRun=true');
    expect(dry.body.lines.map((line: { outcome: string }) => line.outcome)).toEqual([
      'accepted',
      'unallocated',
    ]);
    expect((await ask('GET', '/v1/deposits', operator)).body.items).toEqual([]);
    const made = await importStatement(eucKr(statement));
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({
      isDryRun: false,
      debits: 1,
      lines: [
        { line: 2, outcome: 'accepted', paymentReference: bill.paymentReference, payer: '김미나' },
        { line: 3, outcome: 'unallocated', reason: 'It names no order or bill that there is.' },
      ],
      faults: [{ line: 5, detail: 'It names no amount.' }],
    });
    const again = await importStatement(Buffer.from(`\uFEFF${statement}`, 'utf16le'));
    expect(again.body.lines.map((line: { outcome: string }) => line.outcome)).toEqual(['known', 'known']);
    expect((await ask('GET', '/v1/deposits', operator)).body.items).toHaveLength(2);
    expect((await ask('GET', `/v1/bills/${bill.id}`, mina)).body.state).toBe('paid');
    expect((await ask('GET', '/v1/balances', mina)).body.items).toEqual([
      {
        currency: 'KRW',
        balance: { amount: '30000', currency: 'KRW' },
        reserved: { amount: '0', currency: 'KRW' },
        creditLimit: { amount: '0', currency: 'KRW' },
        available: { amount: '30000', currency: 'KRW' },
      },
    ]);
  });

  it('are refused where they are none, or somebody else than an operator brings them', async () => {
    expect((await importStatement('hello')).body.code).toBe('bank-statement-unreadable');
    expect((await importStatement('Date,Amount\n', 'currency=XXX')).status).toBe(400);
    expect((await importStatement('Date,Amount\n', 'currency=KRW', mina)).body.code).toBe('not-permitted');
  });

  it('leave a queue, in which an operator finds what fits and says what money is for', async () => {
    const bill = await topUp('12000');
    await importStatement('거래일,보낸분,입금액\n2026-11-26,Kim,12000\n2026-11-26,누구,13000\n');
    const queue = (await ask('GET', '/v1/unallocated-payments', operator)).body.items;
    expect(queue[0]).toMatchObject({ deposit: { payer: '누구' }, suggestions: [] });
    expect(queue[1].suggestions).toEqual([
      { kind: 'bill', id: bill.id, memberId, description: 'Credit of 12000 KRW', isSameName: true },
    ]);
    const allocate = (id: string, body: object) =>
      ask('POST', `/v1/unallocated-payments/${id}/allocation`, operator, body);
    const [unknown, fitting] = queue.map(({ deposit }: { deposit: { id: string } }) => deposit.id);
    expect((await allocate(unknown, { billId: bill.id })).body.code).toBe('amount-mismatch');
    const done = await allocate(fitting, { billId: bill.id });
    expect(done.body).toMatchObject({ deposit: { disposition: 'accepted' }, bill: { state: 'paid' } });
    expect((await allocate(fitting, { billId: bill.id })).body).toEqual(done.body);
    expect((await allocate(unknown, { sendBack: true, reason: 'Nobody.' })).body.deposit).toMatchObject({
      disposition: 'refund-due',
      reason: 'Nobody.',
    });
    expect((await allocate(fitting, {})).status).toBe(400);
    const refunded = await ask('POST', `/v1/deposits/${unknown}/refund`, operator);
    expect(refunded.body.disposition).toBe('refunded');
    const undone = await ask('POST', `/v1/deposits/${fitting}/reversal`, operator, { reason: 'A mistake.' });
    expect(undone.body).toMatchObject({ disposition: 'refund-due', reason: 'A mistake.' });
    expect((await ask('GET', `/v1/bills/${bill.id}`, mina)).body.state).toBe('refunded');
  });
});

describe('R23: bills and balances', () => {
  it('are seen and given up by those they belong to', async () => {
    const bill = await topUp('1000');
    expect((await ask('GET', `/v1/bills/${bill.id}`, other)).status).toBe(404);
    expect((await ask('POST', `/v1/bills/${bill.id}/cancellation`, other)).status).toBe(404);
    expect((await ask('GET', `/v1/balances?memberId=${memberId}`, other)).status).toBe(404);
    expect((await ask('GET', '/v1/balances', other)).body.items).toEqual([]);
    expect((await ask('POST', `/v1/bills/${bill.id}/cancellation`, mina)).body.state).toBe('cancelled');
    expect((await ask('GET', '/v1/bills?state=cancelled', mina)).body.items).toHaveLength(1);
    const nothing = { amount: { amount: '0', currency: 'KRW' } };
    expect((await ask('POST', '/v1/top-ups', mina, nothing)).body.code).toBe('amount-malformed');
  });
});

describe('R24: the ledger, for operators', () => {
  const fee = {
    debit: 'fees',
    credit: 'card',
    amount: { amount: '1650', currency: 'KRW' },
    purpose: 'fee',
    reason: 'The processor’s fee of November.',
    confirmation: '1650 KRW',
  };

  it('is moved by hand once a key, with a reason and the amount written twice', async () => {
    const asked = { ...operator, 'idempotency-key': 'november' };
    const [first, second] = [
      await ask('POST', '/v1/ledger/adjustments', asked, fee),
      await ask('POST', '/v1/ledger/adjustments', asked, fee),
    ];
    expect(first.status).toBe(201);
    expect(second.body).toEqual(first.body);
    const lines = (await ask('GET', '/v1/ledger/lines?account=fees', operator)).body.items;
    expect(lines).toMatchObject([{ debit: 'fees', credit: 'card', purpose: 'fee', reason: fee.reason }]);
    for (const [change, code] of [
      [{ confirmation: '165 KRW' }, 'confirmation-missing'],
      [{ debit: 'petty-cash' }, 'ledger-account-unknown'],
      [{ credit: 'member/nobody' }, 'ledger-account-unknown'],
      [{ credit: 'fees' }, 'ledger-account-unknown'],
      [{ amount: { amount: '0', currency: 'KRW' } }, 'amount-malformed'],
      [
        {
          debit: `member/${memberId}`,
          amount: { amount: '99999', currency: 'KRW' },
          confirmation: '99999 KRW',
        },
        'credit-spent',
      ],
    ] as const) {
      expect((await ask('POST', '/v1/ledger/adjustments', operator, { ...fee, ...change })).body.code).toBe(
        code,
      );
    }
  });

  it('R23: is exchanged by two lines that keep the rate, once a key', async () => {
    const exchange = {
      account: 'bank',
      sold: { amount: '100', currency: 'USD' },
      bought: { amount: '139025', currency: 'KRW' },
      reason: 'The bank’s rate of the day.',
      confirmation: '100.00 USD into 139025 KRW',
    };
    const asked = { ...operator, 'idempotency-key': 'exchange' };
    const first = await ask('POST', '/v1/ledger/exchanges', asked, exchange);
    expect(first).toMatchObject({
      status: 201,
      body: {
        items: [
          { debit: 'exchange', credit: 'bank', amount: { amount: '100.00' }, exchangeRate: '1390.25' },
          {
            debit: 'bank',
            credit: 'exchange',
            amount: { amount: '139025' },
            exchangeRate: '0.000719295091',
            reason: exchange.reason,
          },
        ],
      },
    });
    expect((await ask('POST', '/v1/ledger/exchanges', asked, exchange)).body).toEqual(first.body);
    const lines = (await ask('GET', '/v1/ledger/lines?account=exchange', operator)).body.items;
    expect(lines).toMatchObject([{ exchangeRate: '0.000719295091', reason: exchange.reason }, {}]);
    expect(lines).toHaveLength(2);
    const credit = { account: `member/${memberId}`, sold: { amount: '99999', currency: 'KRW' } };
    for (const [change, code] of [
      [{ confirmation: '100 USD' }, 'confirmation-missing'],
      [{ account: 'exchange' }, 'ledger-account-unknown'],
      [{ account: 'member/nobody' }, 'ledger-account-unknown'],
      [{ bought: { amount: '90', currency: 'USD' } }, 'currency-same'],
      [{ sold: { amount: '0', currency: 'USD' } }, 'amount-malformed'],
      [{ bought: { amount: '0', currency: 'KRW' } }, 'amount-malformed'],
      [{ bought: { amount: '139025000', currency: 'KRW' } }, 'amount-malformed'],
      [
        {
          ...credit,
          bought: { amount: '70', currency: 'USD' },
          confirmation: '99999 KRW into 70.00 USD',
        },
        'credit-spent',
      ],
    ] as const) {
      const refused = await ask('POST', '/v1/ledger/exchanges', operator, { ...exchange, ...change });
      expect(refused.body.code).toBe(code);
    }
    expect((await ask('POST', '/v1/ledger/exchanges', mina, exchange)).body.code).toBe('not-permitted');
  });

  it('is listed in pages, and adds up', async () => {
    const all = (await ask('GET', '/v1/ledger/accounts', operator)).body.items;
    const page = (await ask('GET', '/v1/ledger/accounts?limit=2', operator)).body;
    const rest = (await ask('GET', `/v1/ledger/accounts?after=${encodeURIComponent(page.next)}`, operator))
      .body;
    expect([...page.items, ...rest.items]).toEqual(all);
    expect(all.map((one: { account: string }) => one.account)).toEqual([
      'bank',
      'bank',
      'card',
      'deposits',
      'exchange',
      'exchange',
      'fees',
      `member/${memberId}`,
    ]);
    expect((await ask('GET', '/v1/ledger/audit', operator)).body).toMatchObject({
      isSound: true,
      unbalanced: [],
      deviating: [],
    });
    const lines = (await ask('GET', '/v1/ledger/lines?limit=1', operator)).body;
    expect((await ask('GET', `/v1/ledger/lines?after=${lines.next}`, operator)).body.items[0].line).toBe(
      lines.items[0].line - 1,
    );
  });

  it('is nobody else’s to see or to move', async () => {
    for (const url of [
      '/v1/ledger/call-taxes',
      '/v1/ledger/accounts',
      '/v1/ledger/lines',
      '/v1/ledger/audit',
    ]) {
      expect((await ask('GET', url, mina)).body.code).toBe('not-permitted');
    }
    expect((await ask('POST', '/v1/ledger/adjustments', mina, fee)).body.code).toBe('not-permitted');
  });
});
