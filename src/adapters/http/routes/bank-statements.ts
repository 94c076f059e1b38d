import { setImmediate as untilOthersHadTheirTurn } from 'node:timers/promises';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { CURRENCIES, type Currency } from '../../../domain/billing/index.ts';
import { PAYMENT_DISPOSITIONS } from '../../../domain/billing/payments/index.ts';
import { type ImportedLine, importBankStatement } from '../../../services/import-bank-statement.ts';
import { bankText } from '../bank-text.ts';
import { definite } from '../definite.ts';
import type { Routes } from '../face.ts';
import { accepted } from '../problem.ts';
import { problems } from '../responses.ts';
import { money, shownMoney } from '../shapes.ts';

/** A year of a busy account. */
const LARGEST_STATEMENT_BYTES = 16 * 1024 * 1024;

const importedLine = z.object({
  line: z.int().describe('In the file, counted from 1.'),
  day: z.string(),
  time: z.string().optional(),
  amount: money,
  payer: z.string().optional(),
  remark: z.string().optional(),
  outcome: z
    .enum([...PAYMENT_DISPOSITIONS, 'known'])
    .describe('`known`: recorded before. `unallocated`: an operator has to say what it is for.'),
  paymentReference: z.string().optional().describe('Of the order or bill that it names.'),
  reason: z.string().optional(),
});

export const statementImport = z
  .object({
    isDryRun: z.boolean(),
    lines: z.array(importedLine),
    faults: z.array(z.object({ line: z.int(), detail: z.string() })).describe('Lines that cannot be read.'),
    debits: z.int().describe('Lines of money that went out, which are passed over.'),
  })
  .meta({ id: 'BankStatementImport' });

const CURRENCY_CODES = CURRENCIES as readonly [Currency, ...Currency[]];

/** What banks say has come in (R9). */
export const bankStatementRoutes: Routes = (face, { services }) => {
  // Within a scope of its own, so that no other route takes CSV as bytes.
  face.register(async (plain) => {
    const scope = plain.withTypeProvider<ZodTypeProvider>();
    scope.addContentTypeParser(
      'text/csv',
      { parseAs: 'buffer', bodyLimit: LARGEST_STATEMENT_BYTES },
      (_, bytes, done) => done(null, bankText(bytes as Buffer)),
    );
    scope.route({
      method: 'POST',
      url: '/v1/bank-statements',
      bodyLimit: LARGEST_STATEMENT_BYTES,
      schema: {
        summary: 'Record the money that a bank statement says has come in (operator, R9)',
        description:
          'CSV as `text/csv`, in UTF-8 or EUC-KR, columns by their Korean or English headers. The same line again is ' +
          'the same money, of this statement or another. What names an order or a bill pays it; all other money waits ' +
          'among the unallocated payments.',
        tags: ['money'],
        consumes: ['text/csv'],
        querystring: z.strictObject({
          currency: z.enum(CURRENCY_CODES).describe('Of the account, where no column names it.'),
          dryRun: z
            .enum(['true', 'false'])
            .default('false')
            .describe('Only say what would become of each line.'),
        }),
        body: z.string(),
        response: { 200: statementImport, ...problems(401, 403, 422) },
      },
      handler: async ({ actor, query: { currency, dryRun }, body: text }) => {
        const isDryRun = dryRun === 'true';
        const pause = () => untilOthersHadTheirTurn();
        const command = { actor, text, currency, isDryRun, pause };
        const imported = accepted(await importBankStatement(services, command));
        return {
          isDryRun,
          lines: imported.lines.map(shownLine),
          faults: [...imported.faults],
          debits: imported.debits,
        };
      },
    });
  });
};

function shownLine({ fingerprint: _, amount, ...line }: ImportedLine): z.infer<typeof importedLine> {
  return definite({ ...line, amount: shownMoney(amount) });
}
