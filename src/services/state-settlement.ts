import type { DocumentContent, DocumentLanguage, DocumentLine } from '../domain/billing/documents/index.ts';
import {
  type CallDirection,
  dueMicros,
  type StatedSettlement,
  type UsageLine,
} from '../domain/billing/settlement/index.ts';
import { type Actor, permit } from '../domain/members/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { IssuedDocument, ServicePorts } from './ports/index.ts';
import { findSettlement } from './see-settlements.ts';

export type StateSettlement = {
  readonly actor: Actor;
  readonly settlementId: string;
  readonly language: DocumentLanguage;
};

/**
 * Issues the statement of a settlement as a document, once: asked again, it is the same one, in its first language.
 * @returns refused with `seller-unknown` where the service does not know who it is, or as `findSettlement` does
 */
export async function stateSettlement(
  ports: Pick<ServicePorts, 'clock' | 'documents' | 'identifiers' | 'settings' | 'settlements'>,
  { language, ...asked }: StateSettlement,
): Promise<Result<IssuedDocument>> {
  const permitted = permit(asked.actor, 'settle');
  if (!permitted.ok) return permitted;
  const found = await findSettlement(ports, asked);
  if (!found.ok) return found;
  const { seller } = ports.settings;
  if (seller === undefined) {
    return refuse('seller-unknown', 'Say who sells with OMNIDIAL_SELLER_NAME: it stands on every document.');
  }
  const settlement = found.value;
  const { agreement, period, statement, currency } = settlement;
  const { addressLines, name } = agreement.partner;
  const content: DocumentContent = {
    kind: 'settlement-statement',
    issuedAtMs: ports.clock.nowMs(),
    timeZone: agreement.timeZone,
    language,
    seller,
    buyer: { name, addressLines },
    period: { fromMs: period.fromMs, untilMs: period.untilMs },
    lines: linesOf(settlement, WORDS[language]),
    taxIs: 'included',
    taxes: [],
    total: { currency, micros: dueMicros(settlement) },
    notes: statement.late.calls === 0 ? [] : [WORDS[language].late(statement.late.calls)],
  };
  return accept(
    await ports.documents.issue({
      id: ports.identifiers.next(),
      subject: { kind: 'settlement', id: settlement.id },
      content,
    }),
  );
}

type Words = Readonly<Record<CallDirection | 'carried' | 'agreed', string>> & {
  readonly late: (calls: number) => string;
};

const WORDS: Readonly<Record<DocumentLanguage, Words>> = {
  en: {
    outbound: 'Calls to your network',
    inbound: 'Calls from your network',
    transit: 'Calls through our network',
    carried: 'Carried forward from earlier periods',
    agreed: 'Agreed on disputed items',
    late: (calls) => `${calls} of the calls ended before the period and became known within it.`,
  },
  ko: {
    outbound: '귀사 망으로 보낸 통화',
    inbound: '귀사 망에서 받은 통화',
    transit: '당사 망을 경유한 통화',
    carried: '이전 기간에서 이월',
    agreed: '이의 항목 합의 금액',
    late: (calls) => `통화 ${calls}건은 이 기간 이전에 종료되어 이번 기간에 확인되었습니다.`,
  },
};

/** More destinations than fit on pages that somebody reads are added up. */
const MOST_LINES = 2_000;

function linesOf(settlement: StatedSettlement, words: Words): readonly DocumentLine[] {
  const { currency, statement, outcomes } = settlement;
  const line = (description: string, micros: bigint): DocumentLine => ({
    description,
    amount: { currency, micros },
  });
  const agreed = outcomes.reduce((sum, { micros }) => sum + micros, 0n);
  const { usage, carriedForwardMicros } = statement;
  return [
    ...(usage.length > MOST_LINES ? addedUp(usage) : usage).map((used) => usageLine(used, currency, words)),
    ...(carriedForwardMicros === 0n ? [] : [line(words.carried, carriedForwardMicros)]),
    ...(agreed === 0n ? [] : [line(words.agreed, agreed)]),
  ];
}

function usageLine(
  { direction, destination, billedSeconds, paidBy, micros }: UsageLine,
  currency: StatedSettlement['currency'],
  words: Words,
): DocumentLine {
  const description = destination === '' ? words[direction] : `${words[direction]}: ${destination}`;
  return {
    description: description.slice(0, 200),
    ...(billedSeconds < 0 ? {} : { quantity: { count: BigInt(billedSeconds), unit: 'second' } }),
    amount: { currency, micros: paidBy === 'us' ? micros : -micros },
  };
}

/** The usage by direction and who pays, whatever the destination. */
function addedUp(usage: readonly UsageLine[]): readonly UsageLine[] {
  const sums = new Map<string, UsageLine>();
  for (const line of usage) {
    const key = `${line.direction} ${line.paidBy}`;
    const sum = sums.get(key);
    sums.set(key, {
      ...line,
      destination: '',
      calls: line.calls + (sum?.calls ?? 0),
      durationMs: line.durationMs + (sum?.durationMs ?? 0),
      billedSeconds: line.billedSeconds + (sum?.billedSeconds ?? 0),
      micros: line.micros + (sum?.micros ?? 0n),
    });
  }
  return [...sums.values()];
}
