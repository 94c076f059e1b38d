import type { Balance } from '../domain/billing/ledger/index.ts';
import { type Actor, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { type Page, pageLimit, pageOf } from './page.ts';
import type { LedgerAudit, LedgerLine, LedgerLineFilter, ServicePorts } from './ports/index.ts';

type LedgerPorts = Pick<ServicePorts, 'ledger'>;

export type ListAccounts = {
  readonly actor: Actor;
  /** Accounts that begin with it: `member/`, `trunk/`. */
  readonly prefix?: string;
  readonly after?: string;
  readonly limit?: number;
};

/** How all accounts stand, by name and currency: for operators. @returns refused with `cursor-malformed`, or as `permit` does */
export async function listLedgerAccounts(
  ports: LedgerPorts,
  { actor, prefix, after, limit }: ListAccounts,
): Promise<Result<Page<Balance>>> {
  const permitted = permit(actor, 'see-ledger');
  if (!permitted.ok) return permitted;
  const size = pageLimit(limit);
  const cursor = after?.split(' ');
  if (cursor !== undefined && cursor.length !== 2) return cursorMalformed();
  const [account = '', currency = ''] = cursor ?? [];
  const balances = await ports.ledger.balances({
    limit: size + 1,
    ...(prefix === undefined ? {} : { prefix }),
    ...(cursor === undefined ? {} : { after: [account, currency] as const }),
  });
  return accept(pageOf(balances, size, (balance) => `${balance.account} ${balance.currency}`));
}

/** A line, and why it was made by hand where it was. */
export type ShownLedgerLine = LedgerLine & { readonly reason?: string };

export type ListLines = Omit<LedgerLineFilter, 'before' | 'limit'> & {
  readonly actor: Actor;
  readonly after?: string;
  readonly limit?: number;
};

/** Lines of the ledger, newest first: for operators. @returns refused with `cursor-malformed`, or as `permit` does */
export async function listLedgerLines(
  ports: LedgerPorts & Pick<ServicePorts, 'adjustments'>,
  { actor, after, limit, ...filter }: ListLines,
): Promise<Result<Page<ShownLedgerLine>>> {
  const permitted = permit(actor, 'see-ledger');
  if (!permitted.ok) return permitted;
  if (after !== undefined && !/^\d{1,15}$/.test(after)) return cursorMalformed();
  const size = pageLimit(limit);
  const before = after === undefined ? {} : { before: Number(after) };
  const lines = await ports.ledger.lines({ ...filter, ...before, limit: size + 1 });
  const reasons = await ports.adjustments.reasons(lines.map(({ id }) => id));
  const shown = lines.map((line): ShownLedgerLine => {
    const reason = reasons.get(line.id);
    return reason === undefined ? line : { ...line, reason };
  });
  return accept(pageOf(shown, size, ({ line }) => String(line)));
}

/** A look over the whole ledger: for operators. */
export async function auditLedger(
  ports: LedgerPorts,
  { actor }: { readonly actor: Actor },
): Promise<Result<LedgerAudit>> {
  const permitted = permit(actor, 'see-ledger');
  return permitted.ok ? accept(await ports.ledger.audit()) : permitted;
}

function cursorMalformed(): Result<never, 'cursor-malformed'> {
  return refuse('cursor-malformed', 'Use `next` of the page before as it is.', '/after');
}
