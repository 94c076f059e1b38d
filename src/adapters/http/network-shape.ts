import { z } from 'zod';
import type { Fault, Result } from '../../domain/refusal/index.ts';
import { line } from './line.ts';
import { Refused } from './problem.ts';

const parts = z.record(z.string(), z.unknown());

/** Centres, trunks and operators by their names, in the form of `examples/world.yaml`. */
export const world = z
  .object({
    centres: parts.describe('By code: `KR`.'),
    trunks: parts.describe('By name: `kt-seoul`. Passwords are never shown.'),
    operators: parts.describe('By id: `tello`.'),
  })
  .meta({ id: 'World' });

export const revisionText = z.string().regex(/^\d{1,18}$/);

/** The configuration as it is. */
export const configuration = z
  .object({ revision: revisionText.describe('Every change makes it larger.'), world })
  .meta({ id: 'Configuration' });

/** What a change came to. */
export const configurationChange = configuration
  .extend({ differences: z.array(z.string()).describe('`~ trunk kt-seoul: channels 30 -> 60`') })
  .meta({ id: 'ConfigurationChange' });

/** One centre, trunk or operator. */
export const networkPart = z
  .object({ revision: revisionText, name: z.string(), value: z.unknown() })
  .meta({ id: 'NetworkPart' });

export const partName = line(32);

/** A route of a carrier. */
export const routeShown = z
  .object({
    prefix: z.string().describe('Digits of E.164 without `+`.'),
    costPerMinute: z.string().describe('Decimal text, of the currency.'),
    currency: z.string(),
    priority: z.int(),
    weight: z.int(),
  })
  .meta({ id: 'CarrierRoute' });

/** The value of a result, with the places of faults as the request has them. */
export function acceptedAt<Value>(result: Result<Value>, place: (fault: Fault) => Fault): Value {
  if (result.ok) return result.value;
  const { faults, ...refusal } = result.refusal;
  throw new Refused(faults === undefined ? refusal : { ...refusal, faults: faults.map(place) });
}
