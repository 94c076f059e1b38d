import type { ChargeKind } from '../domain/billing/charging/index.ts';
import { isLedgerAccount, memberAccount, memberOfAccount } from '../domain/billing/ledger/index.ts';
import { type Actor, mayDo, memberIdOf, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import { type Page, pageLimit, pageOf } from './page.ts';
import type { ChargeFilter, KeptCharge, MarginKey, MarginLine, ServicePorts } from './ports/index.ts';

type Ports = Pick<ServicePorts, 'charges'>;

export type ListCharges = {
  readonly actor: Actor;
  /** `member/…` or `trunk/…`; one's own where absent, and for operators everybody's. */
  readonly account?: string;
  readonly kind?: ChargeKind;
  /** Calls that ended at this moment or later, and before the other one. */
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** What the number that is charged for begins with. */
  readonly numberPrefix?: string;
  readonly after?: string;
  readonly limit?: number;
};

/**
 * What calls were charged, newest first: one's own for members, anybody's for operators.
 * @returns refused with `ledger-account-unknown`, `cursor-malformed`, or as `permit` does
 */
export async function listCharges(ports: Ports, asked: ListCharges): Promise<Result<Page<KeptCharge>>> {
  const filter = filterOf(asked);
  if (!filter.ok) return filter;
  const { after } = asked;
  if (after !== undefined && !/^\d{1,15}$/.test(after)) {
    return refuse('cursor-malformed', 'after has to be the `next` of the page before.', '/after');
  }
  const size = pageLimit(asked.limit);
  const before = after === undefined ? {} : { before: Number(after) };
  const charges = await ports.charges.list({ ...filter.value, ...before, limit: size + 1 });
  return accept(pageOf(charges, size, ({ line }) => String(line)));
}

const CHARGES_AT_ONCE = 2_000;

/**
 * The same without an end, in pages, so that a million of them are never in memory together.
 * @returns refused as `listCharges` does
 */
export function allCharges(
  ports: Ports,
  asked: Omit<ListCharges, 'after' | 'limit'>,
): Result<AsyncIterable<readonly KeptCharge[]>> {
  const filter = filterOf(asked);
  return filter.ok ? accept(pagesOf(ports, filter.value)) : filter;
}

async function* pagesOf(
  { charges }: Ports,
  filter: Omit<ChargeFilter, 'limit' | 'before'>,
): AsyncGenerator<readonly KeptCharge[]> {
  for (let before = {}; ; ) {
    const page = await charges.list({ ...filter, ...before, limit: CHARGES_AT_ONCE });
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < CHARGES_AT_ONCE) return;
    before = { before: last.line };
  }
}

/** Whether somebody may see a charge: of one's own account, which is what one pays; what a call costs us is ours. */
export function maySeeCharge(actor: Actor, { account }: KeptCharge): boolean {
  return mayDo(actor, 'see-charges', memberOfAccount(account));
}

function filterOf({
  actor,
  account: asked,
  kind,
  fromMs,
  untilMs,
  numberPrefix,
}: ListCharges): Result<Omit<ChargeFilter, 'limit' | 'before'>> {
  const own = memberIdOf(actor);
  const account = asked ?? (own === undefined ? undefined : memberAccount(own));
  if (account !== undefined && !isLedgerAccount(account)) {
    return refuse(
      'ledger-account-unknown',
      `"${account}" is no account, as member/… or trunk/….`,
      '/account',
    );
  }
  const permitted = permit(
    actor,
    'see-charges',
    account === undefined ? undefined : memberOfAccount(account),
  );
  if (!permitted.ok) return permitted;
  return accept({
    ...(account === undefined ? {} : { account }),
    ...(kind === undefined ? {} : { kind }),
    ...(fromMs === undefined ? {} : { endedFromMs: fromMs }),
    ...(untilMs === undefined ? {} : { endedBeforeMs: untilMs }),
    ...(numberPrefix === undefined ? {} : { numberPrefix }),
  });
}

export type SeeMargins = {
  readonly actor: Actor;
  readonly by: MarginKey;
  readonly fromMs: number;
  readonly untilMs: number;
};

/** Nobody reads more lines of a report. */
const MOST_MARGINS = 5_000;

/** What calls earned in a time, those with the most revenue first: for operators. */
export async function seeMargins(
  { charges }: Ports,
  { actor, ...filter }: SeeMargins,
): Promise<Result<readonly MarginLine[]>> {
  const permitted = permit(actor, 'see-margins');
  return permitted.ok ? accept(await charges.margins({ ...filter, limit: MOST_MARGINS })) : permitted;
}
