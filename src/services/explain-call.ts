import { type Decision, explain, resolve } from '../domain/exchange/index.ts';
import { readDialled } from '../domain/numbering/index.ts';
import { accept, type Result } from '../domain/refusal/index.ts';
import type { CallerFacts } from './caller.ts';
import { type ConnectCallPorts, dialContextOf, ofNobody, resolveFactsOf, waysTo } from './connect-call.ts';
import type { ExplainedRing, Explanation, Explanations } from './ports/index.ts';
import type { RingBranch } from './ring.ts';

type ExplainPorts = Pick<ConnectCallPorts, 'directory' | 'registrations' | 'clock' | 'ownDomain' | 'outward'>;

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
      if (ways.ok && ways.value.length > 0) decisions.push(UNLIMITED);
      return explanationOf(text, from, decisions, ways);
    },
  };
}

/** Nothing is charged yet, so that no credit ends a call. */
const UNLIMITED: Decision = {
  code: 'duration',
  fits: true,
  sentence: 'The call may last as long as both sides wish: nothing is charged by this release.',
};

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
