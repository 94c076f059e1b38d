import { type Currency, isCurrency } from '../domain/billing/index.ts';
import { trunkAccount } from '../domain/billing/ledger/index.ts';
import {
  type Agreement,
  makeStatement,
  type OpenSettlement,
  periodAt,
  periodFrom,
  type StatedSettlement,
  type Statement,
  stepSettlement,
} from '../domain/billing/settlement/index.ts';
import { type Actor, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

export type SettlementPorts = Pick<ServicePorts, 'agreements' | 'clock' | 'identifiers' | 'settlements'>;

export type AskedSettlement = {
  readonly actor: Actor;
  readonly trunk: string;
  /** The currency of the agreement where absent; calls that were priced in another one are settled apart. */
  readonly currency?: string;
};

/** What a period that is not closed would come to, as of now. */
export type SettlementPreview = { readonly settlement: OpenSettlement; readonly statement: Statement };

/**
 * The oldest period with a trunk that is not closed.
 * @returns refused with `not-found` where nothing was agreed with it, `currency-unknown`, or as `permit` does
 */
export async function previewSettlement(
  ports: SettlementPorts,
  asked: AskedSettlement,
): Promise<Result<SettlementPreview>> {
  const permitted = permit(asked.actor, 'see-settlements');
  if (!permitted.ok) return permitted;
  const next = await nextToClose(ports, asked);
  if (!next.ok) return next;
  const statement = makeStatement(await ports.settlements.preview(next.value));
  return accept({ settlement: next.value, statement });
}

export type CloseSettlement = AskedSettlement & {
  /** The first day of the period, as its name: `2026-10-01`. That it is named is the confirmation. */
  readonly period: string;
};

/**
 * Closes a period: its calls are counted, and what becomes known later belongs to the next one. Asked again, it answers
 * the same.
 * @returns refused with `settlement-period-not-over`, also where another period is next, `service-unavailable`,
 *   `not-found` where nothing was agreed with the trunk, `currency-unknown`, or as `permit` does
 */
export async function closeSettlement(
  ports: SettlementPorts,
  asked: CloseSettlement,
): Promise<Result<StatedSettlement>> {
  const permitted = permit(asked.actor, 'settle');
  if (!permitted.ok) return permitted;
  const next = await nextToClose(ports, asked);
  if (!next.ok) return next;
  const settlement = next.value;
  if (settlement.period.name !== asked.period) return closedBefore(ports, settlement, asked.period);
  const nowMs = ports.clock.nowMs();
  if (nowMs < settlement.period.untilMs) {
    return refuse(
      'settlement-period-not-over',
      'The period is not over: its calls are not known yet.',
      '/period',
    );
  }
  const closed = await ports.settlements.close(settlement, (parts) => {
    const stepped = stepSettlement(settlement, { kind: 'closed', statement: makeStatement(parts), nowMs });
    if (!stepped.ok || stepped.value[0].state === 'open')
      throw new Error('A period that is over was not closed.');
    return stepped.value[0];
  });
  if (closed !== 'busy') return accept(closed);
  return refuse('service-unavailable', 'Charges are being kept that take long: ask again in a moment.');
}

/** A period that is not the next one was closed before, or another one comes first. */
async function closedBefore(
  { settlements }: SettlementPorts,
  next: OpenSettlement,
  name: string,
): Promise<Result<StatedSettlement>> {
  for (let later: OpenSettlement | StatedSettlement | undefined = next; later !== undefined; ) {
    const earlier: StatedSettlement | undefined = await settlements.before(later);
    if (earlier?.period.name === name) return accept(earlier);
    later = earlier;
  }
  return refuse(
    'settlement-period-not-over',
    `The period that is closed next with ${next.trunk} in ${next.currency} is ${next.period.name}.`,
    '/period',
  );
}

async function nextToClose(
  { agreements, clock, identifiers, settlements }: SettlementPorts,
  { trunk, currency: code }: AskedSettlement,
): Promise<Result<OpenSettlement>> {
  const agreement = agreements.list().find((each) => each.trunk === trunk);
  if (agreement === undefined) return refuse('not-found', `Nothing was agreed with ${trunk}.`, '/trunk');
  const currency = code ?? agreement.currency;
  if (!isCurrency(currency)) {
    return refuse('currency-unknown', `"${currency}" is no currency of ISO 4217, as KRW.`, '/currency');
  }
  const last = await settlements.last(trunk, currency);
  const firstMs = async () => (await settlements.firstEndMs(trunkAccount(trunk), currency)) ?? clock.nowMs();
  const period =
    last === undefined ? periodAt(await firstMs(), agreement) : periodFrom(last.period.untilMs, agreement);
  return accept(opened(identifiers.next(), agreement, currency, period));
}

function opened(
  id: string,
  agreement: Agreement,
  currency: Currency,
  period: OpenSettlement['period'],
): OpenSettlement {
  return { state: 'open', id, trunk: agreement.trunk, currency, period, agreement };
}
