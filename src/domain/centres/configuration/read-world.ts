import type { Fault } from '../../refusal/index.ts';
import type { Centre } from '../centre.ts';
import type { Operator } from '../operator.ts';
import { overlaps, readSourceRange, type SourceRange } from '../source-range.ts';
import { SIP_PORTS, type Trunk } from '../trunk.ts';
import { below, Faults } from './faults.ts';
import { Fields } from './fields.ts';
import { readCentre } from './read-centre.ts';
import { readOperator } from './read-operator.ts';
import { readTrunk, type TrunkReading } from './read-trunk.ts';

/** Everything that is set up of the network. */
export type World = {
  readonly centres: readonly Centre[];
  readonly trunks: readonly Trunk[];
  readonly operators: readonly Operator[];
};

/** A world, or everything that is wrong with what was written. */
export type WorldReading =
  | { readonly ok: true; readonly world: World }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** What reading needs to know. */
export type WorldSurroundings = Pick<TrunkReading, 'secretsOf'> & {
  /** What is set up now: passwords that are not written again stay. */
  readonly before: World;
  /** Whether a gateway would be this service itself, where a call would come back at once. */
  readonly isOurselves: (host: string, port: number) => boolean;
};

const MOST_CENTRES = 500;
const MOST_TRUNKS = 2_000;
const MOST_OPERATORS = 1_000;

/**
 * Reads centres, trunks and operators as people write them (R1), and whether they fit together. The form is that of
 * `examples/world.yaml`; `writeWorld` makes the same of a world.
 * @param written what a parser of JSON or YAML made of the text
 */
export function readWorld(written: unknown, surroundings: WorldSurroundings): WorldReading {
  const faults = new Faults();
  const fields = new Fields(written, '', faults);
  const { before, secretsOf } = surroundings;
  const present = new Map(before.trunks.map((trunk) => [trunk.name, trunk]));
  const world: World = {
    centres: fields
      .entries('centres', MOST_CENTRES)
      .map(([code, value]) => readCentre(code, value, below('/centres', code), faults)),
    trunks: fields.entries('trunks', MOST_TRUNKS).map(([name, value]) => {
      const trunk = present.get(name);
      const reading = { faults, secretsOf, ...(trunk === undefined ? {} : { before: trunk }) };
      return readTrunk(name, value, below('/trunks', name), reading);
    }),
    operators: fields
      .entries('operators', MOST_OPERATORS)
      .map(([id, value]) => readOperator(id, value, below('/operators', id), faults)),
  };
  fields.end();
  checkCentres(world, faults);
  checkTrunks(world, surroundings, faults);
  checkOperators(world, faults);
  checkSources(world, faults);
  return faults.list.length === 0 ? { ok: true, world } : { ok: false, faults: faults.list };
}

function checkCentres({ centres, trunks }: World, faults: Faults): void {
  const named = new Map(trunks.map((trunk) => [trunk.name, trunk]));
  const ownerOfNumber = new Map<string, string>();
  for (const { code, run, emergencyTrunk, accessNumbers } of centres) {
    const pointer = below('/centres', code);
    if (run.kind === 'partner' && named.get(run.trunk)?.kind !== 'partner') {
      const detail = `There is no trunk "${run.trunk}" of the kind partner.`;
      faults.add(`${pointer}/partner/trunk`, detail);
    }
    if (emergencyTrunk !== undefined && !named.has(emergencyTrunk)) {
      faults.add(`${pointer}/emergencyTrunk`, `There is no trunk "${emergencyTrunk}".`);
    }
    for (const [at, number] of accessNumbers.entries()) {
      const owner = ownerOfNumber.get(number);
      if (owner !== undefined) {
        faults.add(`${pointer}/accessNumbers/${at}`, `${number} is an access number of ${owner} already.`);
      }
      ownerOfNumber.set(number, code);
    }
  }
}

function checkTrunks({ centres, trunks }: World, { isOurselves }: WorldSurroundings, faults: Faults): void {
  const coded = new Map(centres.map((centre) => [centre.code, centre]));
  const users = new Map<string, string>();
  for (const { name, centre, gateways, inbound } of trunks) {
    const pointer = below('/trunks', name);
    const speaking = coded.get(centre);
    if (speaking === undefined) faults.add(`${pointer}/centre`, `There is no centre "${centre}".`);
    else if (speaking.run.kind === 'partner') {
      const detail = `${centre} is run by a partner: name the centre of ours that speaks with the trunk.`;
      faults.add(`${pointer}/centre`, detail);
    }
    for (const [at, { host, port, transport }] of gateways.entries()) {
      if (!isOurselves(host, port ?? SIP_PORTS[transport])) continue;
      faults.add(`${pointer}/gateways/${at}`, 'This is our own address: its calls would come back to us.');
    }
    const user = inbound?.digest?.user;
    if (user === undefined) continue;
    const owner = users.get(user);
    if (owner !== undefined) {
      faults.add(`${pointer}/inbound/digest/user`, `The trunk ${owner} has this user already.`);
    }
    users.set(user, name);
  }
}

function checkOperators({ operators, trunks }: World, faults: Faults): void {
  const kinds = new Map(trunks.map(({ name, kind }) => [name, kind]));
  for (const operator of operators) {
    for (const [at, name] of operator.trunks.entries()) {
      if (kinds.get(name) === 'operator') continue;
      const pointer = `${below('/operators', operator.id)}/trunks/${at}`;
      faults.add(pointer, `There is no trunk "${name}" of the kind operator.`);
    }
  }
}

type Source = SourceRange & { readonly trunk: string; readonly pointer: string; readonly text: string };

/**
 * Two trunks with a common address could not be told apart. Sorted by where they begin, of overlapping ranges one
 * begins within the other, so that each is compared only with those that still reach this far.
 */
function checkSources({ trunks }: World, faults: Faults): void {
  const sources = trunks.flatMap(({ name, inbound }) =>
    (inbound?.addresses ?? []).flatMap((text, at): Source[] => {
      const range = readSourceRange(text);
      const pointer = `${below('/trunks', name)}/inbound/addresses/${at}`;
      return range.ok ? [{ ...range.value, trunk: name, pointer, text }] : [];
    }),
  );
  sources.sort((one, other) =>
    one.address === other.address ? one.prefixBits - other.prefixBits : one.address < other.address ? -1 : 1,
  );
  let around: Source[] = [];
  for (const source of sources) {
    around = around.filter((wider) => overlaps(wider, source));
    const other = around.find(({ trunk }) => trunk !== source.trunk);
    if (other !== undefined) {
      faults.add(source.pointer, `${source.text} is within ${other.text} of the trunk ${other.trunk}.`);
    }
    // Equal and narrower ranges of the same trunk say nothing new.
    if (!around.some(({ trunk }) => trunk === source.trunk)) around.push(source);
  }
}
