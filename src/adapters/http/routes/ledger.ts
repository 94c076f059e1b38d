import { z } from 'zod';
import type { TaxedMonth } from '../../../domain/billing/call-taxes/index.ts';
import { printRate } from '../../../domain/billing/documents/index.ts';
import { CURRENCIES, type Currency, parseMoney } from '../../../domain/billing/index.ts';
import {
  availableMicros,
  type Balance,
  balanceMicros,
  isLedgerAccount,
  type LedgerAccount,
  OWN_ACCOUNTS,
  type OwnAccount,
  type PostedTransfer,
  printExchangeRate,
} from '../../../domain/billing/ledger/index.ts';
import { ADJUSTMENT_PURPOSES, adjustLedger } from '../../../services/adjust-ledger.ts';
import { exchangeMoney } from '../../../services/exchange-money.ts';
import { seeBalances } from '../../../services/see-balances.ts';
import {
  auditLedger,
  listLedgerAccounts,
  listLedgerLines,
  type ShownLedgerLine,
} from '../../../services/see-ledger.ts';
import { listCallTaxes } from '../../../services/tax-calls.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { idempotencyHeaders, once } from '../idempotency.ts';
import { line } from '../line.ts';
import { accepted, refused } from '../problem.ts';
import { pageOf, pageQuery, problems, shownPage, time, timeText } from '../responses.ts';
import { id, money, moneyAsked, shownMoney, words } from '../shapes.ts';

const CURRENCY_CODES = CURRENCIES as readonly [Currency, ...Currency[]];

/** What a member has with us. */
export const balanceShown = z
  .object({
    currency: z.string(),
    balance: money.describe('Below zero it is owed.'),
    reserved: money.describe('Kept back for calls under way.'),
    creditLimit: money.describe('How far it may be owed.'),
    available: money,
  })
  .meta({ id: 'Balance' });

export const ledgerAccountShown = z
  .object({
    account: z.string().describe('`member/…`, `trunk/…`, or one of our own such as `bank`.'),
    kind: z.enum(['asset', 'liability', 'income', 'expense', 'equity', 'member', 'trunk']),
    currency: z.string(),
    balance: money.describe('What was credited less what was debited: assets and expenses are below zero.'),
    debits: money,
    credits: money,
    pending: money.describe('Kept back by pending transfers.'),
    floor: money.optional().describe('How far it may fall; absent where nothing bounds it.'),
  })
  .meta({ id: 'LedgerAccount' });

export const ledgerLineShown = z
  .object({
    line: z.int(),
    id: z.string(),
    kind: z.enum(['posted', 'pending', 'post', 'void']),
    debit: z.string(),
    credit: z.string(),
    amount: money,
    purpose: z.string(),
    subject: z.string(),
    at: time,
    pendingId: z.string().optional().describe('Of the pending line that this one ends.'),
    exchangeRate: z.string().optional().describe('What one unit was worth in the other currency: `1390.25`.'),
    reason: z.string().optional().describe('Why an operator made it by hand.'),
  })
  .meta({ id: 'LedgerLine' });

export const ledgerAudit = z
  .object({
    isSound: z.boolean(),
    accounts: z.int(),
    lines: z.int(),
    unbalanced: z.array(money).describe('What the accounts of a currency add up to where it is not zero.'),
    deviating: z
      .array(z.object({ account: z.string(), currency: z.string() }))
      .describe('Accounts that stand otherwise than their lines say.'),
  })
  .meta({ id: 'LedgerAudit' });

export const callTaxShown = z
  .object({
    from: time,
    until: time,
    revenue: money.describe('What members were charged for calls, with the tax in it.'),
    taxRate: z.string().describe('As it was then: `10%`; `0%` where no tax was charged.'),
    tax: money,
    net: money,
    countedAt: time,
  })
  .meta({ id: 'CallTax' });

/** Members’ money, and the whole ledger for operators (R23, R24). */
export const ledgerRoutes: Routes = (face, { services }) => {
  face.route({
    method: 'GET',
    url: '/v1/balances',
    schema: {
      summary: 'What a member has with us, by currency',
      tags: ['money'],
      querystring: z.object({ memberId: id.optional().describe('Whose; your own member where absent.') }),
      response: { 200: z.object({ items: z.array(balanceShown) }), ...problems(401, 403, 404) },
    },
    handler: async ({ actor, query }) => {
      const balances = accepted(await seeBalances(services, definite({ actor, ...query })));
      return { items: balances.map(shownBalance) };
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/ledger/accounts',
    schema: {
      summary: 'How all accounts stand (operator)',
      tags: ['money'],
      querystring: pageQuery.extend({
        prefix: line(100).optional().describe('`member/` or `trunk/`, or the beginning of a name.'),
      }),
      response: { 200: pageOf(ledgerAccountShown), ...problems(401, 403) },
    },
    handler: async ({ actor, query }) =>
      shownPage(accepted(await listLedgerAccounts(services, definite({ actor, ...query }))), shownAccount),
  });
  face.route({
    method: 'GET',
    url: '/v1/ledger/lines',
    schema: {
      summary: 'Lines of the ledger, newest first (operator)',
      tags: ['money'],
      querystring: pageQuery.extend({
        account: line(200).optional(),
        currency: z.enum(CURRENCY_CODES).optional(),
        subject: line(200).optional().describe('What they are about: `order/…`, `bill/…`, `call/…`.'),
      }),
      response: { 200: pageOf(ledgerLineShown), ...problems(401, 403, 422) },
    },
    handler: async ({ actor, query: { account, ...query } }) => {
      if (account !== undefined && !isLedgerAccount(account)) {
        throw refused('ledger-account-unknown', `"${account}" is no account.`);
      }
      const page = accepted(await listLedgerLines(services, definite({ actor, account, ...query })));
      return shownPage(page, shownLine);
    },
  });
  face.route({
    method: 'POST',
    url: '/v1/ledger/adjustments',
    schema: {
      summary: 'Move money from one account to another by hand (operator)',
      description: 'Lines stay for ever: a mistake is mended by another transfer.',
      tags: ['money'],
      headers: idempotencyHeaders,
      body: z.strictObject({
        debit: line(200).describe('The account that the money is taken from.'),
        credit: line(200).describe('The account that gets it.'),
        amount: moneyAsked,
        purpose: z.enum(ADJUSTMENT_PURPOSES).default('adjustment'),
        reason: words(500).describe('For the books.'),
        confirmation: line(60).describe('The amount again: `5000 KRW`.'),
      }),
      response: { 201: ledgerLineShown.omit({ line: true }), ...problems(401, 403, 409, 422) },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 201 }, request, reply, async () => {
        const { actor, body, headers } = request;
        const amount = accepted(parseMoney(body.amount.amount, body.amount.currency));
        const onceKey = headers['idempotency-key'] ?? '';
        const transfer = accepted(await adjustLedger(services, { ...body, actor, amount, onceKey }));
        return { ...shownTransfer(transfer), reason: body.reason };
      }),
  });
  face.route({
    method: 'POST',
    url: '/v1/ledger/exchanges',
    schema: {
      summary: 'Turn money on an account from one currency into another by hand (operator)',
      description: 'Two lines, one in each currency, which keep the rate. Lines stay for ever.',
      tags: ['money'],
      headers: idempotencyHeaders,
      body: z.strictObject({
        account: line(200).describe('Whose money it is: `bank`, `member/…`, `trunk/…`.'),
        sold: moneyAsked.describe('What there is less of.'),
        bought: moneyAsked.describe('What there is more of.'),
        reason: words(500).describe('For the books.'),
        confirmation: line(120).describe('Both amounts again: `100.00 USD into 139025 KRW`.'),
      }),
      response: {
        201: z.object({ items: z.array(ledgerLineShown.omit({ line: true })) }),
        ...problems(401, 403, 409, 422),
      },
    },
    handler: (request, reply) =>
      once({ services, key: 'required', status: 201 }, request, reply, async () => {
        const { actor, body, headers } = request;
        const sold = accepted(parseMoney(body.sold.amount, body.sold.currency));
        const bought = accepted(parseMoney(body.bought.amount, body.bought.currency));
        const onceKey = headers['idempotency-key'] ?? '';
        const lines = accepted(await exchangeMoney(services, { ...body, actor, sold, bought, onceKey }));
        return { items: lines.map((one) => ({ ...shownTransfer(one), reason: body.reason })) };
      }),
  });
  face.route({
    method: 'GET',
    url: '/v1/ledger/call-taxes',
    schema: {
      summary: 'The tax in calls, by month and currency, newest first (operator)',
      description:
        'An hour after its end a month is counted and its tax posted; at most ten years of it are listed.',
      tags: ['money'],
      response: { 200: z.object({ items: z.array(callTaxShown) }), ...problems(401, 403) },
    },
    handler: async ({ actor }) => {
      const months = accepted(await listCallTaxes(services, { actor }));
      return { items: months.flatMap(shownTaxes) };
    },
  });
  face.route({
    method: 'GET',
    url: '/v1/ledger/audit',
    schema: {
      summary: 'Look over the whole ledger (operator)',
      description: 'The sums of each currency, and every account against its lines.',
      tags: ['money'],
      response: { 200: ledgerAudit, ...problems(401, 403) },
    },
    handler: async ({ actor }) => {
      const { accounts, lines, unbalanced, deviating } = accepted(await auditLedger(services, { actor }));
      return {
        isSound: unbalanced.length === 0 && deviating.length === 0,
        accounts,
        lines,
        unbalanced: unbalanced.map(shownMoney),
        deviating: deviating.map((account) => ({ ...account })),
      };
    },
  });
};

function shownTaxes({ period, ratePerMillion, countedAtMs, taxes }: TaxedMonth) {
  return taxes.map(({ gross, tax }) => ({
    from: timeText(period.fromMs),
    until: timeText(period.untilMs),
    revenue: shownMoney(gross),
    taxRate: printRate(ratePerMillion),
    tax: shownMoney(tax),
    net: shownMoney({ ...gross, micros: gross.micros - tax.micros }),
    countedAt: timeText(countedAtMs),
  }));
}

function shownBalance(balance: Balance): z.infer<typeof balanceShown> {
  const { currency } = balance;
  const shown = (micros: bigint) => shownMoney({ currency, micros });
  return {
    currency,
    balance: shown(balanceMicros(balance)),
    reserved: shown(balance.pendingMicros),
    creditLimit: shown(-(balance.floorMicros ?? 0n)),
    available: shown(availableMicros(balance) ?? 0n),
  };
}

function shownAccount(balance: Balance): z.infer<typeof ledgerAccountShown> {
  const { account, currency, debitsMicros, creditsMicros, pendingMicros, floorMicros } = balance;
  const shown = (micros: bigint) => shownMoney({ currency, micros });
  return definite({
    account,
    kind: kindOf(account),
    currency,
    balance: shown(balanceMicros(balance)),
    debits: shown(debitsMicros),
    credits: shown(creditsMicros),
    pending: shown(pendingMicros),
    floor: floorMicros === undefined ? undefined : shown(floorMicros),
  });
}

function kindOf(account: LedgerAccount): z.infer<typeof ledgerAccountShown>['kind'] {
  if (account.startsWith('member/')) return 'member';
  return account.startsWith('trunk/') ? 'trunk' : OWN_ACCOUNTS[account as OwnAccount];
}

function shownLine(ledgerLine: ShownLedgerLine): z.infer<typeof ledgerLineShown> {
  const { pendingId, reason } = ledgerLine;
  return definite({ ...shownTransfer(ledgerLine), line: ledgerLine.line, pendingId, reason });
}

function shownTransfer(transfer: Omit<ShownLedgerLine, 'line'> | PostedTransfer) {
  const { id: transferId, kind, debit, credit, currency, micros, purpose, subject, atMs } = transfer;
  const amount = shownMoney({ currency, micros });
  const { exchangeRatePicos } = transfer;
  const exchangeRate = exchangeRatePicos === undefined ? undefined : printExchangeRate(exchangeRatePicos);
  return definite({
    ...{ id: transferId, kind, debit, credit, amount, purpose, subject, at: timeText(atMs) },
    exchangeRate,
  });
}
