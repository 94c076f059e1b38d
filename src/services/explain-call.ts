import { longestDurationMs, printMoney } from '../domain/billing/index.ts';
import { availableMicros } from '../domain/billing/ledger/index.ts';
import { type Decision, explain, resolve } from '../domain/exchange/index.ts';
import { readDialled } from '../domain/numbering/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { CallerFacts } from './caller.ts';
import { type ConnectCallPorts, dialContextOf, ofNobody, resolveFactsOf, waysTo } from './connect-call.ts';
import type { ExplainedRing, Explanation, Explanations, LedgerStore } from './ports/index.ts';
import type { RingBranch } from './ring.ts';

type ExplainPorts = Pick<
  ConnectCallPorts,
  'directory' | 'registrations' | 'clock' | 'ownDomain' | 'outward'
> & {
  /** What credit there is; without it nothing is charged. */
  readonly ledger?: Pick<LedgerStore, 'balance'>;
};

/**
 * A dry run of the exchange: the same functions as a call's, with every decision told in order, down to the phones
 * that are registered and the carriers that would be tried at this moment.
 */
export function createExplanations(ports: ExplainPorts): Explanations {
  return {
    async explain(text, { from, memberId }) {
      const telephone = memberId === undefined ? undefined : ports.directory.provenTelephoneOf(memberId);
      const caller: CallerFacts = {
        from,
        user: 'anonymous',
        mayCallOut: true,
        ...(memberId === undefined ? {} : { memberId }),
        ...(telephone === undefined ? {} : { telephone }),
      };
      const read = readDialled(text, dialContextOf(caller, ports));
      const facts = resolveFactsOf(ports);
      const decisions = [...explain(read, facts)];
      const found = resolve(read, facts);
      const ways = found.ok ? ofNobody(read, await waysTo(ports, found.value, caller, decisions)) : found;
      if (!ways.ok || ways.value.length === 0) return explanationOf(text, from, decisions, ways);
      const duration = await durationOf(ports, ways.value, memberId);
      const result = isUnpaid(duration, ways.value) ? refuse('credit-exceeded', duration.sentence) : ways;
      return explanationOf(text, from, [...decisions, duration], result);
    },
  };
}

/** How long the call may last: no credit ends one that costs nothing. */
async function durationOf(
  { ledger }: ExplainPorts,
  branches: readonly RingBranch[],
  memberId: string | undefined,
): Promise<Decision> {
  const credit = branches.find((branch) => branch.credit !== undefined)?.credit;
  if (credit === undefined || ledger === undefined) return memberId === undefined ? OF_NOBODY : UNLIMITED;
  const { account, rate } = credit;
  const { currency } = rate;
  const available = availableMicros(await ledger.balance(account, currency)) ?? 0n;
  const amount = printMoney({ currency, micros: available });
  const lastsMs = available < 0n ? 0 : longestDurationMs(rate, available);
  if (lastsMs === undefined) return UNLIMITED;
  if (lastsMs === 0) {
    const sentence = `The credit of ${amount} does not pay for it.`;
    return { code: 'duration', fits: false, sentence };
  }
  return { code: 'duration', fits: true, sentence: `The credit of ${amount} lasts for ${spelled(lastsMs)}.` };
}

const UNLIMITED: Decision = {
  code: 'duration',
  fits: true,
  sentence: 'The call may last as long as both sides wish: it costs who makes it nothing.',
};

/** Who pays decides what a call costs. */
const OF_NOBODY: Decision = {
  code: 'duration',
  fits: true,
  sentence: 'No member was named who calls: what a call out costs is told for a member only.',
};

/** Whether the call would be refused for want of credit: not where anything of it rings without. */
function isUnpaid({ fits }: Decision, branches: readonly RingBranch[]): boolean {
  return !fits && branches.every((branch) => branch.credit !== undefined);
}

/** `1 h 16 min 40 s` */
function spelled(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1_000);
  const parts = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  return parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}`])).join(' ');
}

function explanationOf(
  text: string,
  from: Explanation['from'],
  decisions: readonly Decision[],
  ways: Result<readonly RingBranch[]>,
): Explanation {
  return {
    text,
    from,
    decisions: decisions.map(({ code, fits, sentence }) => ({
      step: code,
      outcome: fits ? 'yes' : 'no',
      because: sentence,
    })),
    result: ways.ok ? accept({ rings: ringsOf(ways.value) }) : ways,
  };
}

/** Every attempt in the order in which it would be made, those of one terminal's phones told apart. */
function ringsOf(branches: readonly RingBranch[]): ExplainedRing[] {
  return branches.flatMap(({ rings, delayMs }, branch) =>
    rings.map(({ attempt: { party } }, order) => ({ branch, order, afterMs: delayMs, party })),
  );
}
