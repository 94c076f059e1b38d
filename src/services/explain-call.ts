import { explain, resolve } from '../domain/exchange/index.ts';
import { readDialled } from '../domain/numbering/index.ts';
import { accept } from '../domain/refusal/index.ts';
import { type ConnectCallPorts, dialContextOf, resolveFactsOf } from './connect-call.ts';
import type { ExplainedDecision, Explanation, Explanations } from './ports/index.ts';

type ExplainPorts = Pick<ConnectCallPorts, 'directory' | 'registrations' | 'clock' | 'ownDomain'>;

/**
 * A dry run of the exchange: the same functions as a call's, with every decision told in order, down to the phones
 * that are registered at this moment.
 */
export function createExplanations(ports: ExplainPorts): Explanations {
  return {
    explain: async (text, { from }) => explanationOf(ports, text, from),
  };
}

function explanationOf(ports: ExplainPorts, text: string, from: Explanation['from']): Explanation {
  const facts = resolveFactsOf(ports.directory);
  const read = readDialled(text, dialContextOf({ countryCode: from }, ports));
  const decisions: ExplainedDecision[] = explain(read, facts).map(({ code, fits, sentence }) => ({
    step: code,
    outcome: fits ? 'yes' : 'no',
    because: sentence,
  }));
  const found = resolve(read, facts);
  if (!found.ok) return { text, from, decisions, result: found };
  const { terminals } = found.value;
  const nowMs = ports.clock.nowMs();
  const phones = terminals.flatMap((id) => ports.registrations.bindingsOf(id, nowMs));
  const registered: ExplainedDecision = {
    step: 'registered-phones',
    outcome: phones.length > 0 ? 'yes' : 'no',
    because:
      phones.length > 0
        ? `${phones.length} registered: ${phones.map(({ contact }) => contact).join(', ')}.`
        : 'No phone is registered at these terminals now: the caller would hear that nobody can be reached (480).',
  };
  return { text, from, decisions: [...decisions, registered], result: accept({ terminalIds: terminals }) };
}
