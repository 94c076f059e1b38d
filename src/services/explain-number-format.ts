import { readTriedFormat } from '../domain/centres/configuration/index.ts';
import {
  calledAsItIs,
  calledFor,
  callingFor,
  type FormatStep,
  type NumberFormat,
  readCalled,
  readCalling,
} from '../domain/centres/index.ts';
import { type Actor, notFound, permit } from '../domain/members/index.ts';
import { parseE164 } from '../domain/numbering/index.ts';
import { accept, type Result, refuse } from '../domain/refusal/index.ts';
import type { ServicePorts } from './ports/index.ts';

export type ExplainNumberFormat = {
  readonly actor: Actor;
  /** The trunk whose format is tried, by its name; or a format as people write it, which is set up nowhere yet. */
  readonly format: { readonly trunk: string } | { readonly numbers: unknown };
  /** To the trunk, or from it. */
  readonly direction: 'outbound' | 'inbound';
  readonly party: 'called' | 'calling';
  /** Outbound E.164, or what has no such form: an operator's own or an emergency number. Inbound as the trunk says it. */
  readonly number: string;
};

/** What a number becomes, and by which steps. */
export type ExplainedNumber = { readonly result: string; readonly steps: readonly FormatStep[] };

/**
 * Tries what a trunk's number format makes of a number, by the functions that calls use (R14).
 * @returns refused with `configuration-invalid`, `e164-malformed` for a calling number to a trunk, `not-found`, or as
 *   `permit` does
 */
export async function explainNumberFormat(
  { centres }: Pick<ServicePorts, 'centres'>,
  { actor, format: asked, direction, party, number }: ExplainNumberFormat,
): Promise<Result<ExplainedNumber>> {
  const permitted = permit(actor, 'set-up-network');
  if (!permitted.ok) return permitted;
  const format =
    'numbers' in asked ? readTriedFormat(asked.numbers, '/numbers') : await formatOf(centres, asked.trunk);
  if (!format.ok) return format;
  const steps: FormatStep[] = [];
  const result =
    direction === 'outbound'
      ? toTrunk(format.value, party, number, steps)
      : accept((party === 'called' ? readCalled : readCalling)(format.value, number, steps));
  return result.ok ? accept({ result: result.value, steps }) : result;
}

async function formatOf(
  centres: ServicePorts['centres'],
  name: string,
): Promise<Result<NumberFormat, 'not-found'>> {
  const { configuration } = await centres.load();
  const trunk = configuration.trunks.find((one) => one.name === name);
  return trunk === undefined ? notFound(`There is no trunk ${name}.`) : accept(trunk.numbers);
}

function toTrunk(
  format: NumberFormat,
  party: 'called' | 'calling',
  number: string,
  steps: FormatStep[],
): Result<string> {
  const e164 = parseE164(number);
  if (e164.ok) return accept((party === 'called' ? calledFor : callingFor)(format, e164.value, steps));
  // Only what is called may be no number of the PSTN; what begins so is meant to be one.
  const isOther = party === 'called' && !number.startsWith('+');
  return isOther
    ? accept(calledAsItIs(format, number, steps))
    : refuse('e164-malformed', e164.refusal.detail, '/number');
}
